import { ItlHistogram } from "./itl_histogram.ts";
import type { Request } from "./request.ts";
import { StepLog } from "./step_log.ts";

/** Inter-token latencies of one instance, counted a step at a time. */
export class TokenLatencies {
  readonly histogram = new ItlHistogram();
  readonly #log = new StepLog();

  /** Counts one latency for each of `numDecode` decodes; see StepLog for `oldest`. */
  record(step: number, itlUs: number, numDecode: number, oldest: () => number): void {
    this.#log.push(step, itlUs, oldest);
    if (numDecode > 0) this.histogram.add(itlUs, numDecode);
  }

  /** Takes back the latencies of a decode that will not complete; it made tokens up to `endStep`, exclusive. */
  takeBack(request: Request, endStep: number): void {
    const stalled = request.stalledSteps;
    const first = request.decodeStep - (stalled?.length ?? 0);
    for (let step = first; step < endStep; step++) {
      if (stalled === undefined || !stalled.includes(step)) {
        this.histogram.add(this.#log.at(step), -1);
      }
    }
  }
}
