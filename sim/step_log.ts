const NO_STEPS = new Float64Array(0);
const INITIAL_STEPS = 1024;

/**
 * Inter-token latency of the recent steps of one instance, so that those of a request which is
 * preempted or times out can be taken back. A ring, of a power of two, that reaches back to the
 * oldest running decode.
 */
export class StepLog {
  /** Empty until the first step: most instances of a large cluster may have none. */
  #latencies = NO_STEPS;
  #first = 0;
  #end = 0;

  /** Appends the latency in µs of step `step`, the one after the last; `oldest` tells how far back the log must reach. */
  push(step: number, itlUs: number, oldest: () => number): void {
    if (step !== this.#end) this.#first = step;
    if (step - this.#first === this.#latencies.length) {
      this.#first = Math.max(this.#first, Math.min(oldest(), step));
      if ((step - this.#first) * 2 >= this.#latencies.length) this.#grow(step);
    }
    this.#latencies[step & (this.#latencies.length - 1)] = itlUs;
    this.#end = step + 1;
  }

  /** Latency of a step that the log still holds. */
  at(step: number): number {
    return this.#latencies[step & (this.#latencies.length - 1)]!;
  }

  #grow(end: number): void {
    const larger = new Float64Array(Math.max(INITIAL_STEPS, this.#latencies.length * 2));
    for (let step = this.#first; step < end; step++) {
      larger[step & (larger.length - 1)] = this.at(step);
    }
    this.#latencies = larger;
  }
}
