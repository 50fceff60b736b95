/** SLO classes and how urgent each is: higher is more urgent, below 0 may be shed. */
export const SLO_PRIORITIES: Readonly<Record<string, number>> = {
  critical: 4,
  standard: 3,
  batch: -1,
  sheddable: -2,
  background: -3,
};

/** Urgency of a class that is unknown or not given. */
const DEFAULT_PRIORITY = 3;

/** Ranks SLO classes; `overrides` replaces urgencies or adds classes. */
export class SloRanks {
  readonly #urgency: ReadonlyMap<string, number>;
  readonly #most: number;

  constructor(overrides: Readonly<Record<string, number>>) {
    this.#urgency = new Map(Object.entries({ ...SLO_PRIORITIES, ...overrides }));
    this.#most = Math.max(DEFAULT_PRIORITY, ...this.#urgency.values());
  }

  /** Urgency of a class; higher is more urgent, below 0 is sheddable. */
  urgency(sloClass: string): number {
    return this.#urgency.get(sloClass) ?? DEFAULT_PRIORITY;
  }

  /** Rank of a class for a queue: 0 or more, lower goes first. */
  rank(sloClass: string): number {
    return this.#most - this.urgency(sloClass);
  }
}

/** Jain's fairness index (Σx)² ÷ (n·Σx²) of the shares, in [1/n, 1]; 1 if all are 0, 0 without shares. */
export function jainIndex(shares: readonly number[]): number {
  if (shares.length === 0) return 0;
  let sum = 0;
  let squares = 0;
  for (const share of shares) {
    sum += share;
    squares += share * share;
  }
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}
