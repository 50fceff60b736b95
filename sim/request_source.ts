import type { Request } from "./request.ts";

/** Yields the requests of a workload one by one, so that only active ones are in memory. */
export interface RequestSource {
  /** The next request by arrival (non-decreasing), or undefined when none is left. */
  next(): Request | undefined;
  /**
   * Tells a source with sessions that a request ended: completed, timed out or dropped (its
   * `state` says which; dropped ones are still QUEUED). `atUs` is the end of its last step, or the
   * time of the event. The follow-ups it returns arrive after `atUs` at the earliest by think time.
   */
  onFinished?(request: Request, atUs: number): readonly Request[];
}
