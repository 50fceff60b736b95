import { type Experiment, type Metric, METRICS } from "./experiments.ts";

/** An experiment and what each simulator says of it, in ms. */
export interface Comparison {
  readonly experiment: Experiment;
  readonly predictions: Readonly<Record<string, Partial<Record<Metric, number>>>>;
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

/** The error in mean E2E of each simulator, experiment by experiment. */
export function experimentTable(comparisons: readonly Comparison[]): string {
  const names = simulators(comparisons);
  const rows = comparisons.map((comparison) => {
    const { id, model, workload, hardware, tp } = comparison.experiment;
    const errors = names.map((name) => percent(errorsOf([comparison], name, "e2e_mean")[0]));
    return [id, model.split("/")[1]!, workload, `${tp} x ${hardware}`, ...errors];
  });
  return table(["experiment", "model", "workload", "GPUs", ...names], rows);
}

/** Mean, median and 90th percentile of the errors of each simulator in each metric. */
export function overallTable(comparisons: readonly Comparison[]): string {
  const metrics = Object.keys(METRICS) as Metric[];
  const rows = simulators(comparisons).map((name) => [
    name,
    String(errorsOf(comparisons, name, "e2e_mean").length),
    ...metrics.map((metric) => summary(errorsOf(comparisons, name, metric))),
  ]);
  return table(
    ["simulator", "experiments", ...metrics.map((metric) => metric.replace("_", " "))],
    rows,
  );
}

/** The page docs/concepts/accuracy.md. */
export function accuracyPage(comparisons: readonly Comparison[]): string {
  return `# Accuracy

<!-- Written by \`deno task accuracy --docs\`: change tests/accuracy, not this file. -->

How far are predictions from real vLLM? \`deno task accuracy\` simulates measured experiments (vLLM
0.15.1; [data/accuracy](../../data/accuracy/README.md) says where they come from) with every latency
mode and compares: absolute relative error as mean / median / 90th percentile over the experiments, in
percent. Rows called *published* are what the named simulator predicted for the same experiments.

${overallTable(comparisons)}

Use \`--latency-model trained-physics\` where absolute numbers count. The roofline is an optimist: it
knows neither the time between steps nor the overhead of a request, so its TTFT is poor and its ITL too
short. It needs no coefficients and works for any model and GPU; that is what it is good for.

## Why ours and the published figures of the same names differ

Trained-physics is within a few percent of what was published under its name. What is left comes from
the load: each stage is simulated alone, from an empty instance, at a constant rate, and one shared
prefix stands for those of all groups. The CPU offload that some experiments used is not simulated.

The roofline differs in kind. Ours has no overhead at all, so that an idle instance answers sooner than
a real one: its TTFT is mostly too short, by about 60 percent, until a slow GPU saturates in the
simulation before it did in reality (CodeLlama on A100, Qwen3-14B on L40S), which makes its mean error
so large. The published roofline lies as far above the truth as ours lies below. Its TTFT must contain
some waiting which the present reference, whose numbers ours are, does not have; the published figures
do not say what.

The crossmodel and blackbox coefficients were fitted to other vLLM versions. Blackbox has some for eight
of the experiments, and there they are far too slow: it should be used with coefficients of one's own.

## Mean E2E, experiment by experiment

${experimentTable(comparisons)}
`;
}

function simulators(comparisons: readonly Comparison[]): string[] {
  const names = new Set(comparisons.flatMap(({ predictions }) => Object.keys(predictions)));
  return [...names].filter((name) => errorsOf(comparisons, name, "e2e_mean").length > 0);
}

function summary(errors: readonly number[]): string {
  if (errors.length === 0) return "-";
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  return [mean, quantile(errors, 0.5), quantile(errors, 0.9)].map(percent).join(" / ");
}

function quantile(ascending: readonly number[], q: number): number {
  const rank = q * (ascending.length - 1);
  const low = ascending[Math.floor(rank)]!;
  return low + (ascending[Math.ceil(rank)]! - low) * (rank % 1);
}

function percent(error: number | undefined): string {
  if (error === undefined) return "-";
  return (100 * error).toFixed(error < 0.1 ? 1 : 0);
}

/** A Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
