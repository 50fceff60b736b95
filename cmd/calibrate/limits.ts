import { UsageError } from "../../sim/internal/errors.ts";
import { oneOf } from "../../sim/internal/requirement.ts";
import {
  COMPARED_METRICS,
  type ComparedMetric,
  type Comparison,
  type Comparisons,
} from "../../workload/calibration/report.ts";
import { COMPARED_PERCENTILES } from "../../workload/calibration/pair_statistics.ts";
import { isDecimal, quoted } from "../flag_values.ts";

/** The most error that a calibration may show, as a share of the observed value. */
export interface ErrorLimit {
  readonly metric: ComparedMetric;
  readonly statistic: string;
  readonly limit: number;
}

const FLAG = "--fail-above";

/** What a limit may be set on, by name. */
const STATISTICS: ReadonlyMap<string, (comparison: Comparison) => number> = new Map([
  ["mape", ({ agreement }) => agreement.mape],
  ["mean", ({ mean }) => mean.percentError],
  ...COMPARED_PERCENTILES.map((p, i): [string, (comparison: Comparison) => number] => [
    `p${p}`,
    ({ percentiles }) => percentiles[i]!.percentError,
  ]),
]);

/** Reads limits such as `e2e.mape=0.15`, several of them separated by commas. Throws a UsageError. */
export function parseErrorLimits(texts: readonly string[]): ErrorLimit[] {
  return texts.flatMap((text) => text.split(",")).map((text) => parseLimit(text.trim()));
}

/** What each limit that is exceeded, or cannot be checked, says. */
export function exceededLimits(comparisons: Comparisons, limits: readonly ErrorLimit[]): string[] {
  return limits.flatMap(({ metric, statistic, limit }) => {
    const comparison = comparisons[metric];
    if (comparison === undefined) return `there is no ${metric} to check`;
    const error = STATISTICS.get(statistic)!(comparison);
    return error > limit ? `${metric}.${statistic} is ${error}, above ${limit}` : [];
  });
}

function parseLimit(text: string): ErrorLimit {
  const [, name, statistic, written] = /^(\w+)\.(\w+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || statistic === undefined || written === undefined) {
    throw misfit(text, "it must be written metric.statistic=limit, e.g. e2e.mape=0.15");
  }
  const metric = COMPARED_METRICS.find((known) => known === name);
  if (metric === undefined) throw misfit(name, oneOf(COMPARED_METRICS));
  if (!STATISTICS.has(statistic)) throw misfit(statistic, oneOf(STATISTICS.keys()));
  const limit = isDecimal(written) ? Number(written) : NaN;
  if (!(limit >= 0)) throw misfit(written, "the limit must be a number >= 0");
  return { metric, statistic, limit };
}

function misfit(text: string, wanted: string): UsageError {
  return new UsageError(`Cannot use ${quoted(text)} in ${FLAG}: ${wanted}`, { flag: FLAG });
}
