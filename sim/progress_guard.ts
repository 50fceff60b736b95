import { ConfigError } from "./internal/errors.ts";
import type { InstanceMetrics } from "./metrics.ts";

/** Preemptions and idle steps without a request that ends; a storm of them needs thousands. */
const MAX_FRUITLESS_PREEMPTIONS = 1_000_000;

/**
 * Ends a run that would never end: with a CPU tier a waiting request may keep blocks that running
 * ones then take from each other for ever, as in the reference.
 */
export class ProgressGuard {
  #ended = 0;
  #preemptions = 0;
  #idleSteps = 0;

  /** Called after preemptions; throws a ConfigError if too many passed since a request last ended. */
  check({ numEnded, numPreemptions }: InstanceMetrics): void {
    if (numEnded !== this.#ended) {
      this.#ended = numEnded;
      this.#preemptions = numPreemptions;
      this.#idleSteps = 0;
    }
    const fruitless = numPreemptions - this.#preemptions + this.#idleSteps;
    if (fruitless < MAX_FRUITLESS_PREEMPTIONS) return;
    throw new ConfigError(
      "Requests wait for each other's blocks without end: the KV cache is too small",
      {
        hint: "give more --total-kv-blocks, or a --horizon",
      },
    );
  }

  /** Called after a step that ran nothing though requests wait and no deadline will free their blocks. */
  noteIdle(metrics: InstanceMetrics): void {
    this.#idleSteps++;
    this.check(metrics);
  }
}
