import { isJsonObject } from "../../sim/internal/json_object.ts";

/** The most characters of a server's own error message that are kept. */
const MAX_MESSAGE_CHARACTERS = 500;

/** How a request ended. */
export type AnswerStatus = "ok" | "error" | "timeout";

/** An answer that arrived but is none; the message is what the record says of it. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
}

/** What came back to one request. Times are Unix µs, 0 = never. */
export class Answer {
  readonly sendUs: number;
  status: AnswerStatus = "ok";
  /** "" if it is ok. */
  errorMessage = "";
  /** True if the user ended the run before it was there. */
  wasCanceled = false;
  firstChunkUs = 0;
  lastChunkUs = 0;
  /** Chunks that carry text. */
  numChunks = 0;
  /** When each of them came, where that is kept. */
  readonly chunkTimesUs: number[] = [];
  /** True once the server told its token counts. */
  hasUsage = false;
  /** Tokens as the server counts them, 0 if it does not. */
  serverInputTokens = 0;
  outputTokens = 0;
  /** "" if the server does not tell. */
  finishReason = "";
  readonly #keepsTimes: boolean;

  constructor(sendUs: number, keepsTimes: boolean) {
    this.sendUs = sendUs;
    this.#keepsTimes = keepsTimes;
  }

  /**
   * Reads what one JSON object of the answer tells; returns true if it carries text. Throws an
   * AnswerError if it is an error of the server.
   */
  read(chunk: Readonly<Record<string, unknown>>): boolean {
    const message = serverError(chunk);
    if (message !== undefined) throw new AnswerError(message);
    const { usage, choices } = chunk;
    if (isJsonObject(usage)) {
      this.hasUsage = true;
      this.serverInputTokens = tokenCount(usage.prompt_tokens);
      this.outputTokens = tokenCount(usage.completion_tokens);
    }
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isJsonObject(choice)) return false;
    if (isText(choice.finish_reason)) this.finishReason = choice.finish_reason;
    return carriesText(choice);
  }

  /** A chunk with text arrived. */
  mark(nowUs: number): void {
    if (this.numChunks++ === 0) this.firstChunkUs = nowUs;
    this.lastChunkUs = nowUs;
    if (this.#keepsTimes) this.chunkTimesUs.push(nowUs);
  }

  fail(status: AnswerStatus, message: string): void {
    this.status = status;
    this.errorMessage = message;
  }
}

/** The message of an error object, at most 500 characters; undefined if it is none. */
export function serverError(
  { error }: Readonly<Record<string, unknown>>,
): string | undefined {
  if (error === undefined || error === null) return undefined;
  const message = isJsonObject(error) && isText(error.message) ? error.message : error;
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return text.slice(0, MAX_MESSAGE_CHARACTERS);
}

/** Completions have `text`, chats a `delta` with content or, while the model thinks, reasoning. */
function carriesText({ text, delta }: Readonly<Record<string, unknown>>): boolean {
  if (isText(text)) return true;
  if (!isJsonObject(delta)) return false;
  return isText(delta.content) || isText(delta.reasoning_content) || isText(delta.reasoning);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function tokenCount(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.trunc(value) : 0;
}
