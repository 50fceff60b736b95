import type { Experiment, Figures, Metric } from "./experiments.ts";

/** An experiment and what each simulator says of it, in ms. */
export interface Comparison {
  readonly experiment: Experiment;
  readonly predictions: Readonly<Record<string, Figures>>;
}

/** A summary of errors, as fractions. */
export interface Summary {
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
}

/** Absolute relative errors of a simulator in one metric, ascending. */
export function errorsOf(
  comparisons: readonly Comparison[],
  name: string,
  metric: Metric,
): number[] {
  return comparisons.flatMap(({ experiment, predictions }) => {
    const measured = experiment.measured[metric];
    const predicted = predictions[name]?.[metric];
    if (measured === undefined || predicted === undefined) return [];
    return [Math.abs(predicted - measured) / measured];
  }).sort((a, b) => a - b);
}

/** Sums up ascending errors; undefined if there are none. */
export function summaryOf(errors: readonly number[]): Summary | undefined {
  if (errors.length === 0) return undefined;
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  return { mean, median: quantile(errors, 0.5), p90: quantile(errors, 0.9) };
}

/** The simulators that predict anything: those of `first`, then the others as they appear. */
export function simulators(comparisons: readonly Comparison[], first: readonly string[]): string[] {
  const names = comparisons.flatMap(({ predictions }) => Object.keys(predictions));
  return [...new Set([...first, ...names])].filter((name) =>
    errorsOf(comparisons, name, "e2e_mean").length > 0
  );
}

function quantile(ascending: readonly number[], q: number): number {
  const rank = q * (ascending.length - 1);
  const low = ascending[Math.floor(rank)]!;
  return low + (ascending[Math.ceil(rank)]! - low) * (rank % 1);
}
