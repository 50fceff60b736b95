/** What a few independent runs say of a number. */
export interface Estimate {
  readonly mean: number;
  /** Half the width of the confidence interval of the mean; NaN from fewer than 2 runs. */
  readonly halfWidth: number;
}

/** Mean and confidence interval of a sample, taken as normal: Student's t. */
export function estimate(sample: readonly number[], confidence: number): Estimate {
  const n = sample.length;
  const mean = sample.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { mean, halfWidth: NaN };
  const squares = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return {
    mean,
    halfWidth: tQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n),
  };
}

/**
 * The bound that the mean of a quantity does not pass with 95 % confidence. One side of an interval
 * is passed half as often as both; a single value is its own bound.
 */
export function oneSidedBound(sample: readonly number[], side: "upper" | "lower"): number {
  const { mean, halfWidth } = estimate(sample, 0.9);
  if (Number.isNaN(halfWidth)) return mean;
  return side === "upper" ? mean + halfWidth : mean - halfWidth;
}

/** The value that Student's t with `dof` degrees of freedom exceeds with probability 1 - `p`; p in [0.5, 1). */
export function tQuantile(p: number, dof: number): number {
  let low = 0;
  let high = 1;
  while (tProbability(high, dof) < p) high *= 2;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (tProbability(middle, dof) < p) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Probability that Student's t is at most `t` >= 0, for whole degrees of freedom.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 */
function tProbability(t: number, dof: number): number {
  const angle = Math.atan(t / Math.sqrt(dof));
  const cosine2 = Math.cos(angle) ** 2;
  const isOdd = dof % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = dof === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < dof; k += 2) {
    term *= cosine2 * (k - 1) / k;
    sum += term;
  }
  const between = isOdd ? (angle + Math.sin(angle) * sum) * 2 / Math.PI : Math.sin(angle) * sum;
  return (1 + between) / 2;
}
