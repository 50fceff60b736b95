import { createParser } from "eventsource-parser";

/** The most characters that one event may have: more is no answer but a flood. */
const MAX_EVENT_CHARACTERS = 64 * 1024;

/** Takes a stream of server-sent events in whatever pieces it arrives. */
export interface EventFeed {
  /** Throws what the listener throws, or a ParseError if an event is too long. */
  push(bytes: Uint8Array): void;
  /** The stream is over: an event that lacks its empty line counts too. */
  end(): void;
}

/**
 * Splits a stream into events and gives the data of each to `onData`.
 * Source: HTML standard, section "Server-sent events".
 */
export function eventFeed(onData: (data: string) => void): EventFeed {
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ data }) => onData(data),
    onError(error) {
      if (error.type === "max-buffer-size-exceeded") throw error;
    },
  });
  return {
    push: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
    end: () => parser.feed(`${decoder.decode()}\n\n`),
  };
}
