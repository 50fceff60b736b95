import { TimeHeap } from "../sim/internal/time_heap.ts";
import type { Draft } from "./draft.ts";

/** Requests that a client made out of order: those of overlapping sessions and of its windows. */
export class Pending {
  /** By arrival; of equal ones the first made leaves first. */
  readonly #heap = new TimeHeap<Draft>();
  /** What is still to be made arrives at this time in µs at the earliest. */
  floorUs = -Infinity;

  add(draft: Draft): void {
    this.#heap.push(draft.arrivalUs, draft);
  }

  /** All requests by arrival; each step of `steps` makes some more and may raise the floor. */
  *inOrder(steps: Iterator<void>): Generator<Draft, void, void> {
    const heap = this.#heap;
    for (;;) {
      while (heap.nextUs > this.floorUs) {
        if (steps.next().done) this.floorUs = Infinity;
      }
      if (heap.size === 0) return;
      yield heap.pop();
    }
  }
}
