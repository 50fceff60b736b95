import { ConfigError } from "../../sim/internal/errors.ts";
import { Random } from "../../sim/internal/random.ts";
import { Request } from "../../sim/request.ts";
import type { RequestSource } from "../../sim/request_source.ts";
import type { BlockIds } from "../../sim/shared_content.ts";
import { Draft, drawContent } from "../draft.ts";
import type { RecordedTrace } from "./recorded_trace.ts";
import { type ClosedLoopOptions, ReplaySessions } from "./replay_sessions.ts";
import { SharedPrefixes } from "./shared_prefixes.ts";

/** How a trace is replayed. */
export interface ReplayOptions {
  readonly seed: bigint;
  /** True if requests carry their token ids. */
  readonly keepTokens: boolean;
  /** Source of the identities of shared KV blocks. */
  readonly ids: BlockIds;
  /** End of the simulated time in µs; undefined = twice the time of the last arrival. */
  readonly horizonUs?: number | undefined;
  /** Given if the later rounds of a session wait for the answers to the earlier ones. */
  readonly closedLoop?: ClosedLoopOptions | undefined;
}

/** The largest number of a request that fits its column; others go by name. */
const MAX_NUMBER = 2 ** 31 - 1;
/** For a trace in which nothing arrives after 0. */
const DEFAULT_HORIZON_US = 600_000_000;

/**
 * The requests of a recorded trace, by arrival. Lengths, times and prefixes are those of the trace;
 * the tokens are random, the first ones common to a prefix group. With closed-loop sessions only
 * their first rounds are among them, and an answer brings the next round.
 */
export class Replay implements RequestSource {
  readonly horizonUs: number;
  /** Undefined unless sessions wait for answers. */
  readonly sessions: ReplaySessions | undefined;
  readonly onFinished?: NonNullable<RequestSource["onFinished"]>;
  readonly #trace: RecordedTrace;
  readonly #rng: Random;
  readonly #prefixes: SharedPrefixes;
  /** Rows of the requests that wait for no answer: session by session, then the others. */
  readonly #rows: Int32Array;
  /** Indices into `#rows` in order of time. */
  readonly #order: Int32Array;
  /** By row, where ids are kept. */
  readonly #tokens: Int32Array[] = [];
  #numGiven = 0;

  constructor(trace: RecordedTrace, options: ReplayOptions) {
    const { closedLoop, keepTokens, ids } = options;
    const rng = new Random(options.seed);
    this.#trace = trace;
    this.#rng = rng;
    this.#prefixes = new SharedPrefixes(trace, { ids, rng, keepTokens });
    if (closedLoop !== undefined && trace.sessions.list.length > 0) {
      const prefixes = this.#prefixes;
      const sessions = new ReplaySessions(trace, closedLoop, { ids, rng, prefixes });
      this.sessions = sessions;
      this.onFinished = (request, atUs) => sessions.onFinished(request, atUs);
    }
    this.#rows = rowsWithout(trace, this.sessions);
    this.#order = orderByTime(this.#rows, trace.injectedUs.data);
    this.horizonUs = options.horizonUs ?? this.#automaticHorizonUs(trace.injectedUs.data);
    if (this.sessions !== undefined) {
      this.sessions.horizonUs = options.horizonUs ??
        this.#automaticHorizonUs(trace.arrivalTimeUs.data);
    }
    if (keepTokens) { for (const row of this.#rows) this.#tokens[row] = this.#drawTokens(row); }
  }

  /** Requests that do not wait for an answer. */
  get numRequests(): number {
    return this.#rows.length;
  }

  /** Requests of the trace, those that wait for an answer among them. */
  get numRecorded(): number {
    return this.#trace.length;
  }

  next(): Request | undefined {
    if (this.#numGiven === this.#order.length) return undefined;
    return this.#request(this.#rows[this.#order[this.#numGiven++]!]!);
  }

  /** For each request in the order of the trace, when `next` gave it: 0 for the first one. */
  turns(): Int32Array {
    const turns = new Int32Array(this.#order.length);
    for (const [turn, place] of this.#order.entries()) turns[place] = turn;
    return turns;
  }

  #automaticHorizonUs(timesUs: Float64Array): number {
    let lastUs = -Infinity;
    for (const row of this.#rows) lastUs = Math.max(lastUs, timesUs[row]!);
    return lastUs <= 0 ? DEFAULT_HORIZON_US : 2 * lastUs;
  }

  /** Draws prompt and output of a row, from the stream of its session if it begins one. */
  #drawTokens(row: number): Int32Array {
    const draft = this.#lengths(row);
    drawContent(draft, this.sessions?.streamOf(row) ?? this.#rng, this.#prefixes.of(row));
    return draft.tokens!;
  }

  #lengths(row: number): Draft {
    const { labels, label, inputTokens, outputTokens } = this.#trace;
    const draft = new Draft(labels[label.data[row]!]!);
    draft.promptTokens = inputTokens.data[row]!;
    draft.outputTokens = outputTokens.data[row]!;
    return draft;
  }

  #request(row: number): Request {
    const trace = this.#trace;
    const prefix = this.#prefixes.of(row);
    const requestId = trace.requestId.data[row]!;
    const session = trace.session.data[row]!;
    const draft = this.#lengths(row);
    draft.promptTokens += prefix.tokens;
    if (draft.promptTokens === 0) throw emptyPrompt(trace.file, requestId);
    if (requestId >= 0 && requestId <= MAX_NUMBER) draft.number = requestId;
    else draft.name = `request_${requestId}`;
    draft.tokens = this.#tokens[row];
    draft.shared = prefix.content;
    draft.sharedTokens = prefix.tokens;
    draft.arrivalUs = trace.injectedUs.data[row]!;
    draft.deadlineUs = trace.deadlineUs.data[row]!;
    draft.prefixTokens = trace.prefixLength.data[row]!;
    draft.details = trace.details.get(row);
    draft.round = trace.round.data[row]!;
    if (session >= 0) draft.sessionId = trace.sessions.list[session]!;
    this.sessions?.start(row, draft);
    return new Request(draft);
  }
}

/** All rows or, with sessions, those of first rounds and then those of no session. */
function rowsWithout(trace: RecordedTrace, sessions: ReplaySessions | undefined): Int32Array {
  const all = Int32Array.from({ length: trace.length }, (_, row) => row);
  if (sessions === undefined) return all;
  const single = all.filter((row) => trace.session.data[row]! < 0);
  return Int32Array.from([...sessions.firstRows, ...single]);
}

/** Indices of `rows` by the time of each; equal times keep their order. */
function orderByTime(rows: Int32Array, timesUs: Float64Array): Int32Array {
  const order = Int32Array.from({ length: rows.length }, (_, i) => i);
  const timeOf = (i: number) => timesUs[rows[i]!]!;
  const isSorted = order.every((i) => i === 0 || timeOf(i - 1) <= timeOf(i));
  return isSorted ? order : order.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
}

function emptyPrompt(file: string, requestId: number): ConfigError {
  return new ConfigError(`The prompt of request ${requestId} is empty`, {
    file,
    hint: "give its row input_tokens, or its group a prefix_length",
  });
}
