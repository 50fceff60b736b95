import type { WindowSpec } from "./spec.ts";

/** When a client is active: its windows joined into disjoint stretches of time. */
export class ActiveTime {
  /** End of the last window in µs. */
  readonly endUs: number;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(windows: readonly WindowSpec[]) {
    const byStart = [...windows].sort((a, b) => a.startUs - b.startUs || a.endUs - b.endUs);
    for (const { startUs, endUs } of byStart) {
      const last = this.#ends.length - 1;
      if (last >= 0 && startUs <= this.#ends[last]!) {
        this.#ends[last] = Math.max(this.#ends[last]!, endUs);
      } else {
        this.#starts.push(startUs);
        this.#ends.push(endUs);
      }
    }
    this.endUs = this.#ends.at(-1) ?? -Infinity;
  }

  /** True if some window holds `timeUs`. */
  includes(timeUs: number): boolean {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= timeUs) low = middle + 1;
      else high = middle;
    }
    return low > 0 && timeUs < this.#ends[low - 1]!;
  }
}

/** True if two stretches of time have a moment in common. */
export function overlap(
  a: { readonly startUs: number; readonly endUs: number },
  b: { readonly startUs: number; readonly endUs: number },
): boolean {
  return a.startUs < b.endUs && b.startUs < a.endUs;
}
