import { type Estimate, estimate } from "../statistics.ts";
import { textTable } from "../table.ts";
import type { SweepLine } from "./line.ts";
import type { SweepResults } from "./results.ts";

/** The seeds of one setting, joined. */
export interface SettingSummary {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly numSeeds: number;
  readonly metrics: ReadonlyMap<string, Estimate>;
}

/** Joins the runs that differ in their seed alone, in the order of the sweep. */
export function summarize(results: SweepResults, confidence: number): SettingSummary[] {
  const groups = new Map<string, SweepLine[]>();
  for (const { line } of results.sorted()) {
    const key = JSON.stringify(line.parameters);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()].map((lines) => ({
    parameters: lines[0]!.parameters,
    numSeeds: lines.length,
    metrics: new Map(
      Object.keys(lines[0]!.metrics).map((name) => [
        name,
        estimate(lines.map(({ metrics }) => metrics[name] ?? NaN), confidence),
      ]),
    ),
  }));
}

/** The summaries as a table: a row a setting, with the metrics of these names. */
export function summaryTable(
  summaries: readonly SettingSummary[],
  names: readonly string[],
): string {
  const flags = [...new Set(summaries.flatMap(({ parameters }) => Object.keys(parameters)))];
  const rows = summaries.map(({ parameters, numSeeds, metrics }) => [
    ...flags.map((flag) => valueText(parameters[flag])),
    String(numSeeds),
    ...names.map((name) => estimateText(metrics.get(name))),
  ]);
  return textTable([[...flags, "seeds", ...names], ...rows]);
}

/** The summaries as JSON values; an interval of a single seed is null. */
export function summaryJson(
  summaries: readonly SettingSummary[],
  results: SweepResults,
  confidence: number,
): Record<string, unknown> {
  return {
    sweep: results.sweep,
    runs: results.numRuns,
    missing: results.numRuns - results.size,
    confidence,
    settings: summaries.map(({ parameters, numSeeds, metrics }) => ({
      parameters,
      seeds: numSeeds,
      metrics: Object.fromEntries(
        [...metrics].map(([name, { mean, halfWidth }]) => [name, { mean, half_width: halfWidth }]),
      ),
    })),
  };
}

function valueText(value: unknown): string {
  return value === undefined ? "-" : typeof value === "string" ? value : JSON.stringify(value);
}

/** `12.34 ± 0.56`: the interval with two digits, the mean with as many decimals. */
function estimateText(given: Estimate | undefined): string {
  if (given === undefined) return "-";
  const { mean, halfWidth } = given;
  if (Number.isNaN(halfWidth)) return mean.toFixed(decimals(mean, 4));
  const digits = halfWidth === 0 ? decimals(mean, 4) : decimals(halfWidth, 2);
  return `${mean.toFixed(digits)} ± ${halfWidth.toFixed(digits)}`;
}

/** Decimals that show `x` with so many significant digits, at most 6. */
function decimals(x: number, significant: number): number {
  if (x === 0) return 0;
  const leading = Math.floor(Math.log10(Math.abs(x)));
  return Math.min(6, Math.max(0, significant - 1 - leading));
}
