import type { Draft } from "./draft.ts";

/** Requests of one client, each in order of arrival; can be made anew from the first one on. */
export interface DraftSource {
  start(): Iterator<Draft, void>;
}

/**
 * Of more streams than this each sleeps until its first request is due: a stream that has started
 * holds a random stream of 5 kB.
 */
const MAX_EARLY_STARTS = 4096;

/** A stream and its next request. */
interface Lane {
  readonly source: DraftSource;
  readonly index: number;
  arrivalUs: number;
  /** Both undefined while it sleeps. */
  stream: Iterator<Draft, void> | undefined;
  draft: Draft | undefined;
}

/**
 * Several streams of requests, each in order of arrival, as one. Of equal arrivals the one of the
 * earlier stream comes first. A stream is asked for its next request only when that is needed.
 */
export class Merge {
  /** A binary heap by arrival and index. */
  readonly #lanes: Lane[] = [];
  /** True if the first stream has given its request away. */
  #isStale = false;
  #left: number;

  /** `limit`: how many requests are taken at most. */
  constructor(sources: readonly DraftSource[], limit = Infinity) {
    this.#left = limit;
    const sleeps = sources.length > MAX_EARLY_STARTS;
    sources.forEach((source, index) => {
      const stream = source.start();
      const { value: draft } = stream.next();
      if (draft === undefined) return;
      const { arrivalUs } = draft;
      this.#raise(
        sleeps
          ? { source, index, arrivalUs, stream: undefined, draft: undefined }
          : { source, index, arrivalUs, stream, draft },
      );
    });
  }

  /** Arrival of the next request in µs, Infinity if there is none. */
  get nextUs(): number {
    if (this.#left <= 0) return Infinity;
    if (this.#isStale) this.#refill();
    return this.#lanes.length === 0 ? Infinity : this.#lanes[0]!.arrivalUs;
  }

  /** The next request; `nextUs` must have been asked for. It is valid until it is asked again. */
  take(): Draft {
    this.#isStale = true;
    this.#left--;
    const lane = this.#lanes[0]!;
    lane.stream ??= lane.source.start();
    return lane.draft ??= lane.stream.next().value as Draft;
  }

  #refill(): void {
    this.#isStale = false;
    const lane = this.#lanes[0]!;
    const { value: draft } = lane.stream!.next();
    if (draft !== undefined) {
      lane.draft = draft;
      lane.arrivalUs = draft.arrivalUs;
      this.#sink(lane);
      return;
    }
    const last = this.#lanes.pop()!;
    if (this.#lanes.length > 0) this.#sink(last);
  }

  /** Adds a lane whose index is the largest so far. */
  #raise(lane: Lane): void {
    const lanes = this.#lanes;
    let i = lanes.length;
    lanes.push(lane);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (lanes[parent]!.arrivalUs <= lane.arrivalUs) break;
      lanes[i] = lanes[parent]!;
      i = parent;
    }
    lanes[i] = lane;
  }

  /** Puts a lane in place of the first one and restores the heap. */
  #sink(lane: Lane): void {
    const lanes = this.#lanes;
    let i = 0;
    for (let child = 1; child < lanes.length; child = 2 * i + 1) {
      if (child + 1 < lanes.length && isBefore(lanes[child + 1]!, lanes[child]!)) child++;
      if (!isBefore(lanes[child]!, lane)) break;
      lanes[i] = lanes[child]!;
      i = child;
    }
    lanes[i] = lane;
  }
}

function isBefore(a: Lane, b: Lane): boolean {
  return a.arrivalUs < b.arrivalUs || (a.arrivalUs === b.arrivalUs && a.index < b.index);
}
