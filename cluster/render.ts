import { type Distribution, mean, percentile } from "../sim/distribution.ts";
import { jsonText, toFixedEven } from "../sim/internal/number_format.ts";
import { metricsFileReport, type MetricsInput, metricsReport } from "../sim/report.ts";
import { requestReport } from "../sim/request_report.ts";
import { anomaliesOf, compareArrivals } from "./anomalies.ts";
import { latenciesPerClass, latenciesPerModel, tenantShares } from "./breakdown.ts";
import { fitnessOf } from "./fitness.ts";
import { instanceMetrics, type RunResult } from "./result.ts";
import { section, sessionSection } from "./section.ts";
import { sessionTimes } from "./session_times.ts";
import type { TraceSummary } from "../trace/summary.ts";

/** What to print beside the metrics. */
export interface RenderOptions {
  readonly fitnessWeights: Readonly<Partial<Record<string, number>>>;
  readonly traceLevel: "none" | "decisions";
  readonly summarizeTrace: boolean;
}

/** The text that a run prints: metrics of the instances and the cluster, then what else there is to say. */
export function renderText(
  result: RunResult,
  cluster: MetricsInput,
  { fitnessWeights, traceLevel, summarizeTrace }: RenderOptions,
): string {
  const blocks: string[] = [];
  if (result.instances.length > 1) {
    for (const metrics of instanceMetrics(result)) blocks.push(metricsBlock(metrics));
  }
  blocks.push(metricsBlock(cluster));
  blocks.push(fitnessBlock(cluster, fitnessWeights));
  blocks.push(anomalyBlock(result, cluster));
  blocks.push(cacheBlock(result, cluster));
  blocks.push(classBlock(result));
  blocks.push(modelBlock(result, cluster.endUs / 1e6));
  blocks.push(tenantBlock(result));
  blocks.push(sessionBlock(result));
  if (summarizeTrace && traceLevel === "decisions" && result.traceSummary !== undefined) {
    blocks.push(traceBlock(result.traceSummary));
  }
  return blocks.join("");
}

/**
 * The metrics of the cluster and one object a request, by arrival: the file of `--metrics-path`.
 * Written in pieces, since a long run has millions of requests.
 */
export function* renderMetricsFile(
  { table }: RunResult,
  cluster: MetricsInput,
): Generator<string, void> {
  const head = jsonText(metricsFileReport(cluster));
  const rows = Array.from({ length: table.length }, (_, row) => row)
    .filter((row) => !table.isDropped(row))
    .sort((a, b) => compareArrivals(table, a, b));
  if (rows.length === 0) {
    yield head;
    return;
  }
  yield `${head.slice(0, -2)},\n  "requests": [\n`;
  for (const [i, row] of rows.entries()) {
    const text = jsonText(requestReport(table, row)).replaceAll("\n", "\n    ");
    yield `    ${text}${i < rows.length - 1 ? "," : ""}\n`;
  }
  yield "  ]\n}";
}

function metricsBlock(metrics: MetricsInput): string {
  return section("Simulation Metrics", [jsonText(metricsReport(metrics))]);
}

function fitnessBlock(cluster: MetricsInput, weights: RenderOptions["fitnessWeights"]): string {
  if (Object.keys(weights).length === 0) return "";
  const { score, components } = fitnessOf(cluster, weights);
  return section("Fitness Evaluation", [
    `Score: ${toFixedEven(score, 6)}`,
    ...components.map(([name, value]) => `  ${name}: ${toFixedEven(value, 6)}`),
  ]);
}

function anomalyBlock(result: RunResult, cluster: MetricsInput): string {
  const { priorityInversions, holBlockingEvents } = anomaliesOf(result);
  const counters: [string, number][] = [
    ["Priority Inversions", priorityInversions],
    ["HOL Blocking Events", holBlockingEvents],
    ["Rejected Requests (Admission)", result.numRejectedAtAdmission],
    ...[...result.rejectedByClass].sort(byName)
      .map(([name, count]): [string, number] => [`  Shed (${name})`, count]),
    ["Rejected Requests (Routing)", result.numRejectedAtRouting],
    ["Dropped Unservable", cluster.numDropped],
    ["Timed Out Requests", cluster.numTimedOut],
    ["Length-Capped Requests", cluster.numLengthCapped],
  ];
  if (counters.every(([, count]) => count === 0)) return "";
  return section("Anomaly Counters", counters.map(([name, count]) => `${name}: ${count}`));
}

function cacheBlock(result: RunResult, { numPreemptions, numCompleted }: MetricsInput): string {
  const average = (key: "hitRate" | "thrashingRate") =>
    result.instances.reduce((sum, instance) => sum + instance[key], 0) / result.instances.length;
  const rates: [string, number][] = [
    ["Preemption Rate", numCompleted === 0 ? 0 : numPreemptions / numCompleted],
    ["Cache Hit Rate", average("hitRate")],
    ["KV Thrashing Rate", average("thrashingRate")],
  ];
  if (rates.every(([, rate]) => rate === 0)) return "";
  return section(
    "KV Cache Metrics",
    rates.map(([name, rate]) => `${name}: ${toFixedEven(rate, 4)}`),
  );
}

function classBlock(result: RunResult): string {
  const classes = latenciesPerClass(result);
  if (classes.length < 2) return "";
  const line = (values: Distribution) =>
    `mean=${toFixedEven(mean(values), 2)} p99=${toFixedEven(percentile(values, 99), 2)} ` +
    `(n=${values.count})`;
  return section(
    "Per-SLO Metrics",
    classes.flatMap(({ name, ttft, itl, e2e }) => [
      `  ${name}:`,
      `    TTFT: ${line(ttft)}`,
      `    ITL:  ${line(itl)}`,
      `    E2E:  ${line(e2e)}`,
    ]),
  );
}

function modelBlock(result: RunResult, durationS: number): string {
  const models = latenciesPerModel(result, durationS);
  if (models.length === 0) return "";
  const line = (values: Distribution) =>
    `p50=${toFixedEven(percentile(values, 50), 2)} p99=${toFixedEven(percentile(values, 99), 2)} ` +
    `(n=${values.count})`;
  return section(
    "Per-Model Metrics",
    models.flatMap(({ name, ttft, e2e, requestsPerS, tokensPerS }) => [
      `  ${name}:`,
      `    TTFT: ${line(ttft)}`,
      `    E2E:  ${line(e2e)}`,
      `    Throughput: ${toFixedEven(requestsPerS, 2)} req/s, ${toFixedEven(tokensPerS, 2)} tok/s`,
    ]),
  );
}

function tenantBlock(result: RunResult): string {
  const { tenants, jain } = tenantShares(result);
  if (tenants.length === 0) return "";
  return section("Per-Tenant Metrics", [
    ...tenants.map(({ name, requests, tokens }) =>
      `  ${name}: requests=${requests}, tokens=${tokens}`
    ),
    `  Jain Fairness Index: ${toFixedEven(jain, 4)}`,
  ]);
}

function sessionBlock(result: RunResult): string {
  const times = sessionTimes(result);
  return times === undefined ? "" : sessionSection(times);
}

function traceBlock(summary: TraceSummary): string {
  const targets = [...summary.targets].sort(byName);
  return section("Trace Summary", [
    `Total Decisions: ${summary.numAdmitted + summary.numRejected}`,
    `  Admitted: ${summary.numAdmitted}`,
    `  Rejected: ${summary.numRejected}`,
    `Unique Targets: ${targets.length}`,
    ...(targets.length === 0 ? [] : ["Target Distribution:"]),
    ...targets.map(([name, count]) => `  ${name}: ${count}`),
    `Mean Regret: ${toFixedEven(summary.meanRegret, 6)}`,
    `Max Regret: ${toFixedEven(summary.maxRegret, 6)}`,
  ]);
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
