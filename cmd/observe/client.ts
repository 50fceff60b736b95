import type { Request } from "../../sim/request.ts";
import { isJsonObject } from "../../sim/internal/json_object.ts";
import { AccessError } from "../../sim/internal/errors.ts";
import { Answer, AnswerError, serverError } from "./answer.ts";
import { takePieces } from "./body_pieces.ts";
import {
  type ApiFormat,
  bodyOf,
  type BodySettings,
  gatewayHeaders,
  isStreamed,
  probeBody,
} from "./body.ts";
import type { Connection, World } from "./world.ts";
import { eventFeed } from "./sse.ts";
import { TimeLimit } from "./time_limit.ts";

const PATHS: Readonly<Record<ApiFormat, string>> = {
  completions: "/v1/completions",
  chat: "/v1/chat/completions",
};

/** The most characters that are kept of what a server says to a request that it refuses. */
const MAX_REFUSAL_CHARACTERS = 4096;
/** As much of a body without events is kept, in case that it says why. */
const MAX_PROSE_CHARACTERS = 64 * 1024;

/** Whom a client talks to, and how. */
export interface ClientSettings {
  /** Without a slash at its end. */
  readonly serverUrl: string;
  /** Undefined if the server asks for none. */
  readonly apiKey: string | undefined;
  readonly body: BodySettings;
  /** For the whole of a request, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** True if answers tell the time of each chunk. */
  readonly keepsChunkTimes: boolean;
  /** Ends all requests at once. */
  readonly stop: AbortSignal;
}

/** A request made ready, so that sending it takes no time. */
export interface Call {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isStreamed: boolean;
  /** Its UUID. */
  readonly requestId: string;
}

/** Asks a server of OpenAI's API and watches its answers. */
export class ObserveClient {
  readonly #settings: ClientSettings;
  readonly #world: World;
  readonly #connection: Connection;
  readonly #url: string;

  constructor(settings: ClientSettings, world: World) {
    this.#settings = settings;
    this.#world = world;
    this.#connection = world.connect(new URL(settings.serverUrl));
    this.#url = settings.serverUrl + PATHS[settings.body.apiFormat];
  }

  prepare(request: Request): Call {
    const { body } = this.#settings;
    return this.#call(bodyOf(request, body), isStreamed(request, body), gatewayHeaders(request));
  }

  /** Asks for a single token, so that the server counts the tokens of `prompt`. */
  probe(prompt: string, timeoutMs: number): Promise<Answer> {
    return this.send(this.#call(probeBody(prompt, this.#settings.body), false), timeoutMs);
  }

  /**
   * Sends a request and reads the answer to its end. Whatever goes wrong is told by the answer; it
   * throws an AccessError only, if the permission for the server is missing.
   */
  async send(call: Call, timeoutMs = this.#settings.timeoutMs): Promise<Answer> {
    const { apiKey, stop, keepsChunkTimes } = this.#settings;
    using limit = new TimeLimit(this.#world, timeoutMs, stop);
    const answer = new Answer(this.#world.nowUs(), keepsChunkTimes);
    // How a record tells of what breaks at this stage.
    let told = (what: string) => `HTTP ${what}`;
    try {
      const { body, headers } = call;
      const init = { method: "POST", body, headers, signal: limit.signal };
      const response = await this.#connection.fetch(this.#url, init);
      if (response.status !== 200) {
        told = (what) => `HTTP ${response.status}: (body read ${what})`;
        throw new AnswerError(`HTTP ${response.status}: ${await refusal(response)}`);
      }
      told = (what) => `${call.isStreamed ? "streaming" : "read"} ${what}`;
      if (call.isStreamed) await this.#readStream(response, answer);
      else await this.#readWhole(response, answer);
    } catch (error) {
      if (error instanceof AccessError) throw error;
      answer.wasCanceled = stop.aborted;
      if (error instanceof AnswerError) answer.fail("error", error.message);
      else if (limit.hasPassed) answer.fail("timeout", told(`timeout: ${seconds(timeoutMs)}`));
      else answer.fail("error", told(`error: ${stop.aborted ? CANCELED : reasonOf(error)}`));
    }
    if (apiKey !== undefined) answer.errorMessage = answer.errorMessage.replaceAll(apiKey, "***");
    return answer;
  }

  /** Closes idle connections. */
  close(): void {
    this.#connection.close();
  }

  #call(body: string, isStreamed: boolean, headers: Call["headers"] = {}): Call {
    const { apiKey } = this.#settings;
    const requestId = this.#world.uuid();
    return {
      body,
      isStreamed,
      requestId,
      headers: {
        "content-type": "application/json",
        "x-request-id": requestId,
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        ...headers,
      },
    };
  }

  async #readWhole({ body }: Response, answer: Answer): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    let firstUs = 0;
    await takePieces(body, (bytes) => {
      if (firstUs === 0) firstUs = this.#world.nowUs();
      text += decoder.decode(bytes, { stream: true });
      return true;
    });
    text += decoder.decode();
    answer.lastChunkUs = this.#world.nowUs();
    answer.firstChunkUs = firstUs === 0 ? answer.lastChunkUs : firstUs;
    answer.numChunks = 1;
    answer.read(parseObject(text, "JSON parse error"));
  }

  async #readStream({ body }: Response, answer: Answer): Promise<void> {
    let nowUs = 0;
    let isDone = false;
    let numEvents = 0;
    const feed = eventFeed((data) => {
      if (data === "[DONE]") isDone = true;
      if (isDone) return;
      numEvents++;
      if (answer.read(parseObject(data, "streaming error: bad event"))) answer.mark(nowUs);
    });
    const prose = new Prose();
    await takePieces(body, (bytes) => {
      nowUs = this.#world.nowUs();
      feed.push(bytes);
      if (numEvents === 0) prose.add(bytes);
      return !isDone;
    });
    feed.end();
    if (numEvents === 0) throw new AnswerError(prose.serverError() ?? "empty stream");
    if (!isDone && answer.finishReason === "" && !answer.hasUsage) {
      throw new AnswerError("streaming error: the stream ended before the answer did");
    }
    // Tokens may be no text, such as a part of a character: then its end is all there is to see.
    if (answer.numChunks === 0) answer.firstChunkUs = answer.lastChunkUs = nowUs;
  }
}

const CANCELED = "context canceled";

/** The beginning of a body that is no stream of events. */
class Prose {
  readonly #decoder = new TextDecoder();
  #text = "";

  add(bytes: Uint8Array): void {
    if (this.#text.length < MAX_PROSE_CHARACTERS) {
      this.#text += this.#decoder.decode(bytes, { stream: true });
    }
  }

  /** The error that it tells, if it is JSON that tells one. */
  serverError(): string | undefined {
    try {
      return serverError(parseObject(this.#text, ""));
    } catch {
      return undefined;
    }
  }
}

async function refusal(response: Response): Promise<string> {
  const text = await response.text();
  const target = response.headers.get("location");
  if (target === null) return text.slice(0, MAX_REFUSAL_CHARACTERS);
  return `redirected to ${target}, which is not followed`;
}

function parseObject(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AnswerError(`${what}: ${reasonOf(error)}`);
  }
  if (isJsonObject(value)) return value;
  throw new AnswerError(`${what}: it is no JSON object`);
}

/** Without addresses and ports, so that equal failures have equal messages. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error.cause instanceof Error ? error.cause : error;
  return /client error.*/s.exec(message)?.[0] ?? message;
}

function seconds(ms: number): string {
  return `not complete after ${ms / 1000} s`;
}
