import { latencyModels } from "../../latency/mod.ts";
import { type Comparison, errorsOf, simulators, summaryOf } from "./errors.ts";
import { type Metric, METRICS } from "./experiments.ts";

const METRIC_NAMES = Object.keys(METRICS) as Metric[];
const MODES = Object.keys(latencyModels);

/** The error of each simulator in one metric, experiment by experiment, in percent. */
export function experimentTable(comparisons: readonly Comparison[], metric: Metric): string {
  const names = simulators(comparisons, MODES);
  const rows = comparisons.map((comparison) => {
    const { id, model, workload, hardware, tp } = comparison.experiment;
    const errors = names.map((name) => percent(errorsOf([comparison], name, metric)[0]));
    return [id, model.split("/")[1]!, workload, `${tp} x ${hardware}`, ...errors];
  });
  return table(["experiment", "model", "workload", "GPUs", ...names], rows);
}

/** Mean / median / 90th percentile of the errors of each simulator in each metric, in percent. */
export function overallTable(
  comparisons: readonly Comparison[],
  names: readonly string[] = simulators(comparisons, MODES),
): string {
  const rows = names.map((name) => [
    name,
    String(errorsOf(comparisons, name, "e2e_mean").length),
    ...METRIC_NAMES.map((metric) => summary(errorsOf(comparisons, name, metric))),
  ]);
  return table(["simulator", "experiments", ...METRIC_NAMES.map(title)], rows);
}

/** Medians of the errors of the named simulators, in percent with one decimal. */
export function medianTable(
  comparisons: readonly Comparison[],
  names: readonly string[],
): string {
  const rows = names.map((name) => [
    name,
    ...METRIC_NAMES.map((metric) => {
      const median = summaryOf(errorsOf(comparisons, name, metric))!.median;
      return (100 * median).toFixed(1);
    }),
  ]);
  return table(["simulator", ...METRIC_NAMES.map(title)], rows);
}

/** All that `deno task accuracy` prints. */
export function fullReport(comparisons: readonly Comparison[]): string {
  const tables = METRIC_NAMES.map((metric) =>
    `${title(metric)}, error in %\n\n${experimentTable(comparisons, metric)}`
  );
  const overall = `mean / median / 90th percentile of the errors in %\n\n`;
  return [...tables, overall + overallTable(comparisons)].join("\n\n");
}

/** `--json`: the figures and errors of each experiment, and the summaries. */
export function jsonReport(comparisons: readonly Comparison[]) {
  const overall = simulators(comparisons, MODES).map((name) => [
    name,
    Object.fromEntries(
      METRIC_NAMES.map((metric) => [metric, summaryOf(errorsOf(comparisons, name, metric))]),
    ),
  ]);
  return { experiments: comparisons, overall: Object.fromEntries(overall) };
}

function title(metric: Metric): string {
  const [name, statistic] = metric.split("_");
  return `${name!.toUpperCase()} ${statistic}`;
}

function summary(errors: readonly number[]): string {
  const sum = summaryOf(errors);
  return sum === undefined ? "-" : [sum.mean, sum.median, sum.p90].map(percent).join(" / ");
}

function percent(error: number | undefined): string {
  if (error === undefined) return "-";
  return (100 * error).toFixed(error < 0.1 ? 1 : 0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
