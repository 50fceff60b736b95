import { type Distribution, mean, percentile } from "../sim/distribution.ts";
import type { MetricsInput } from "../sim/report.ts";

/** A finished run as one number. */
export interface Fitness {
  readonly score: number;
  /** Each weighted metric in [0, 1], by name in byte order. */
  readonly components: readonly (readonly [name: string, value: number])[];
}

/** Σ weight · component; weights are not normalised. */
export function fitnessOf(
  metrics: MetricsInput,
  weights: Readonly<Partial<Record<string, number>>>,
): Fitness {
  const names = Object.keys(weights).sort((a, b) => a < b ? -1 : 1);
  const components = names.map((name) => [name, COMPONENTS[name]!(metrics)] as const);
  let score = 0;
  for (const [name, value] of components) score += value * weights[name]!;
  return { score, components };
}

/** How each metric becomes a number between 0 and 1. */
const COMPONENTS: Readonly<Record<string, (metrics: MetricsInput) => number>> = {
  throughput: (m) => saturating(rate(m, m.numCompleted), 100),
  tokens_per_sec: (m) => saturating(rate(m, m.outputTokens), 10_000),
  p99_ttft: ({ ttft }) => shortIsGood(percentile(ttft, 99)),
  p50_ttft: ({ ttft }) => shortIsGood(percentile(ttft, 50)),
  mean_ttft: ({ ttft }) => shortIsGood(mean(ttft)),
  p99_e2e: ({ e2e }) => shortIsGood(percentile(e2e, 99)),
  p50_e2e: ({ e2e }) => shortIsGood(percentile(e2e, 50)),
  mean_e2e: ({ e2e }: { e2e: Distribution }) => shortIsGood(mean(e2e)),
};

/** Per second of the run; 0 if it has no duration or completed nothing. */
function rate({ endUs, numCompleted }: MetricsInput, count: number): number {
  return endUs === 0 || numCompleted === 0 ? 0 : count / (endUs / 1e6);
}

function saturating(value: number, half: number): number {
  return value / (value + half);
}

function shortIsGood(us: number): number {
  return 1 / (1 + us / 1000);
}
