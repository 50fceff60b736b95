/** A linear least-squares problem of a few unknowns, kept as its normal equations. */
export class LeastSquares {
  readonly #matrix: readonly Float64Array[];
  readonly #right: Float64Array;

  constructor(numUnknowns: number) {
    this.#matrix = Array.from({ length: numUnknowns }, () => new Float64Array(numUnknowns));
    this.#right = new Float64Array(numUnknowns);
  }

  /** Adds the wish that Σ row[j]·x[j] be `value`; its squared miss counts `weight` times. */
  add(row: readonly number[], value: number, weight: number): void {
    for (const [j, a] of row.entries()) {
      this.#right[j]! += weight * a * value;
      for (const [k, b] of row.entries()) this.#matrix[j]![k]! += weight * a * b;
    }
  }

  /**
   * The unknowns, none below 0: one that would be is 0, and the others are found without it. An
   * unknown that nothing tells about is 0.
   */
  solve(): number[] {
    const free = [...this.#right.keys()];
    for (;;) {
      const solution = eliminate(
        free.map((j) => [...free.map((k) => this.#matrix[j]![k]!), this.#right[j]!]),
      );
      const negative = solution.findIndex((value) => value < 0);
      if (negative < 0) {
        return Array.from(this.#right, (_, j) => solution[free.indexOf(j)] ?? 0);
      }
      free.splice(negative, 1);
    }
  }
}

/** Solves equations of a symmetric, positive matrix; each row ends in its right side. */
function eliminate(rows: number[][]): number[] {
  const n = rows.length;
  const scale = rows.map((row, k) => row[k]!);
  const isTold = (k: number) => rows[k]![k]! > 1e-12 * scale[k]!;
  for (let k = 0; k < n; k++) {
    if (!isTold(k)) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    if (!isTold(k)) continue;
    let rest = rows[k]![n]!;
    for (let j = k + 1; j < n; j++) rest -= rows[k]![j]! * solution[j]!;
    solution[k] = rest / rows[k]![k]!;
  }
  return solution;
}
