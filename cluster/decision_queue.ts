import type { Request } from "../sim/request.ts";

/** Requests that wait for a decision, first in, first out; their times never decrease. */
export class DecisionQueue {
  #requests: (Request | undefined)[] = new Array(16);
  #timesUs = new Float64Array(16);
  #head = 0;
  #size = 0;

  /** Time of the first, Infinity if there is none. */
  get nextUs(): number {
    return this.#size === 0 ? Infinity : this.#timesUs[this.#head]!;
  }

  push(timeUs: number, request: Request): void {
    if (this.#size === this.#requests.length) this.#grow();
    const at = (this.#head + this.#size++) & (this.#requests.length - 1);
    this.#timesUs[at] = timeUs;
    this.#requests[at] = request;
  }

  /** Takes out the first; there must be one. */
  shift(): Request {
    const request = this.#requests[this.#head]!;
    this.#requests[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#requests.length - 1);
    this.#size--;
    return request;
  }

  #grow(): void {
    const size = this.#size;
    const requests: (Request | undefined)[] = new Array(size * 2);
    const timesUs = new Float64Array(size * 2);
    for (let i = 0; i < size; i++) {
      const at = (this.#head + i) & (size - 1);
      requests[i] = this.#requests[at];
      timesUs[i] = this.#timesUs[at]!;
    }
    this.#requests = requests;
    this.#timesUs = timesUs;
    this.#head = 0;
  }
}
