import type { Request } from "./request.ts";

/** The field of a request that holds its position in a slot. */
type PositionField = "duePosition" | "blockPosition";

/**
 * Requests filed by the step at which something happens to them, so that a step looks at those
 * alone: slot `step % numSlots`. An entry whose step is laps away waits in its slot.
 */
export class StepWheel {
  readonly #numSlots: number;
  /** Made for the first request: most instances of a large cluster may never get one. */
  #slots: Request[][] = [];
  readonly #position: PositionField;

  constructor(numSlots: number, position: PositionField) {
    this.#numSlots = numSlots;
    this.#position = position;
  }

  /** All that is filed for `step` or for a step whole laps away; not to be kept. */
  slot(step: number): readonly Request[] {
    return this.#slots.length === 0 ? EMPTY : this.#slots[step % this.#numSlots]!;
  }

  add(request: Request, step: number): void {
    if (this.#slots.length === 0) this.#open();
    const slot = this.#slots[step % this.#numSlots]!;
    request[this.#position] = slot.length;
    slot.push(request);
  }

  /** Takes out a request that was filed for `step`. */
  remove(request: Request, step: number): void {
    const slot = this.#slots[step % this.#numSlots]!;
    const last = slot.pop()!;
    if (last !== request) {
      const position = request[this.#position];
      slot[position] = last;
      last[this.#position] = position;
    }
    request[this.#position] = -1;
  }

  #open(): void {
    this.#slots = Array.from({ length: this.#numSlots }, () => []);
  }
}

const EMPTY: readonly Request[] = [];
