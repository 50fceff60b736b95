import { Float64Column, Int32Column, UniformInt32Column } from "./internal/columns.ts";
import { Interned } from "./internal/interned.ts";
import type { Request, RequestLabels } from "./request.ts";

/** Instance of a row whose request was dropped: the row does not count. */
const DROPPED = -1;

/** More rows are not reserved, however many requests are announced. */
const MAX_RESERVED_ROWS = 2 ** 24;

/**
 * Results of all routed requests, one row each, as columns: a run keeps nothing else of a request
 * that has ended. Times in µs; NaN = did not happen.
 */
export class RequestTable {
  /** N of `request_N`, -1 for a follow-up. */
  readonly number: Int32Column;
  readonly arrivalUs: Float64Column;
  readonly promptTokens: Int32Column;
  readonly outputTokens: Int32Column;
  /** Time to first token. */
  readonly ttftUs: Float64Column;
  /** Mean inter-token latency. */
  readonly itlUs: Float64Column;
  readonly e2eUs: Float64Column;
  /** From arrival to the last admission into a batch. */
  readonly schedulingDelayUs: Float64Column;
  /** Instance that served it. */
  readonly instance: UniformInt32Column;
  /** Index into `labels`. */
  readonly label: UniformInt32Column;
  /** Index into `sessions`, -1 = none. */
  readonly session: UniformInt32Column;
  readonly round: UniformInt32Column;
  readonly lengthCapped = new Set<number>();
  /** By row, of requests that were cut off while they decoded: µs from the first token to the last one. */
  readonly cutDecodeUs = new Map<number, number>();
  readonly #names = new Map<number, string>();
  readonly #labels = new Interned<RequestLabels>();
  readonly #sessions = new Interned<string>();

  /**
   * Reserves room for `expected` rows. It takes memory only as they are filled, whereas a column
   * that grows is copied, and filled with zeros to its end.
   */
  constructor(expected = 0) {
    const capacity = Math.max(16, Math.min(expected, MAX_RESERVED_ROWS));
    this.number = new Int32Column(capacity);
    this.arrivalUs = new Float64Column(capacity);
    this.promptTokens = new Int32Column(capacity);
    this.outputTokens = new Int32Column(capacity);
    this.ttftUs = new Float64Column(capacity);
    this.itlUs = new Float64Column(capacity);
    this.e2eUs = new Float64Column(capacity);
    this.schedulingDelayUs = new Float64Column(capacity);
    this.instance = new UniformInt32Column(0, capacity);
    this.label = new UniformInt32Column(0, capacity);
    this.session = new UniformInt32Column(-1, capacity);
    this.round = new UniformInt32Column(0, capacity);
  }

  get length(): number {
    return this.number.length;
  }

  get labels(): readonly RequestLabels[] {
    return this.#labels.list;
  }

  get sessions(): readonly string[] {
    return this.#sessions.list;
  }

  /** Opens the row of a request that was routed to an instance. */
  add(request: Request, instance: number): void {
    const row = this.length;
    request.row = row;
    if (request.name !== "") this.#names.set(row, request.name);
    this.number.push(request.number);
    this.arrivalUs.push(request.arrivalUs);
    this.promptTokens.push(request.promptTokens);
    this.outputTokens.push(request.outputTokens);
    this.ttftUs.push(NaN);
    this.itlUs.push(NaN);
    this.e2eUs.push(NaN);
    this.schedulingDelayUs.push(NaN);
    this.instance.set(row, instance);
    this.label.set(row, this.#labels.indexOf(request.labels));
    const { sessionId } = request;
    if (sessionId !== "") {
      this.session.set(row, this.#sessions.indexOf(sessionId));
    }
    this.round.set(row, request.round);
  }

  /** Takes back the row of a request that could never be served. */
  drop(row: number): void {
    this.instance.set(row, DROPPED);
  }

  isDropped(row: number): boolean {
    return this.instance.at(row) === DROPPED;
  }

  id(row: number): string {
    return this.#names.get(row) ?? `request_${this.number.data[row]!}`;
  }

  labelsOf(row: number): RequestLabels {
    return this.labels[this.label.at(row)]!;
  }
}

/** Why an instance drops a request that it could never serve. */
export type DropReason =
  | "negative-budget"
  | "prompt-too-long"
  | "total-too-long"
  | "too-few-blocks";

/** Counters of one instance. */
export class InstanceMetrics {
  numCompleted = 0;
  numTimedOut = 0;
  numDropped = 0;
  numLengthCapped = 0;
  numPreemptions = 0;
  numKvAllocationFailures = 0;
  inputTokens = 0;
  outputTokens = 0;
  numSteps = 0;
  /** Σ of the waiting requests at each step. */
  waitingSum = 0;
  /** Dropped requests by reason. */
  readonly dropped = new Map<DropReason, number>();

  drop(reason: DropReason): void {
    this.numDropped++;
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + 1);
  }

  /** Requests that ended here, in whatever way. */
  get numEnded(): number {
    return this.numCompleted + this.numTimedOut + this.numDropped;
  }
}
