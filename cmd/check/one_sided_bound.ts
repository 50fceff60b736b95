/** 95 % quantiles of Student's t with 1, 2, … degrees of freedom. Source: NIST, e-Handbook, 1.3.6.7.2. */
const T95 = [
  ...[6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812],
  ...[1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74, 1.734, 1.729, 1.725],
  ...[1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697],
] as const;

/**
 * The bound that the mean of a quantity does not pass with 95 % confidence, from a few independent
 * measurements: mean ± t·s/√n. With more than 31 values t stays that of 31, which is on the safe
 * side; a single value is its own bound.
 */
export function oneSidedBound(values: readonly number[], side: "upper" | "lower"): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return mean;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const t = T95[Math.min(n - 2, T95.length - 1)]!;
  const width = t * Math.sqrt(squares / (n - 1) / n);
  return side === "upper" ? mean + width : mean - width;
}
