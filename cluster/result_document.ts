import { z } from "zod";
import { type Distribution, mean, percentile } from "../sim/distribution.ts";
import { metricsFileReport, type MetricsInput } from "../sim/report.ts";
import { anomaliesOf } from "./anomalies.ts";
import {
  type GroupLatencies,
  latenciesPerClass,
  latenciesPerModel,
  tenantShares,
} from "./breakdown.ts";
import { deploymentToJson } from "./config_json.ts";
import type { Deployment } from "./deployment.ts";
import { fitnessOf } from "./fitness.ts";
import { instanceMetrics, type RunResult } from "./result.ts";
import { sessionTimes } from "./session_times.ts";
import type { JudgedRun } from "./slo_check.ts";
import { describeSlos, sloDocument } from "./slo_document.ts";
import type { SloTarget } from "./slo_target.ts";

const distribution = z.strictObject({
  count: z.int().describe("values; without any, all else is 0"),
  mean: z.number().describe("arithmetic mean"),
  p50: z.number().describe("median"),
  p90: z.number().describe("90th percentile, linear between ranks like the others"),
  p95: z.number().describe("95th percentile"),
  p99: z.number().describe("99th percentile"),
});
const metrics = z.record(z.string(), z.union([z.number(), z.string()]))
  .describe("the fields of the printed metrics, with cache_hit_rate");
const group = z.strictObject({
  name: z.string().describe("of the class or model"),
  ttft_us: distribution.describe("arrival to first token"),
  itl_us: distribution.describe("over the mean inter-token latency of each request"),
  e2e_us: distribution.describe("arrival to last token"),
});
const model = group.extend({
  requests_per_s: z.number().describe("completed requests ÷ duration of the run"),
  tokens_per_s: z.number().describe("their output tokens ÷ duration of the run"),
});
const tenant = z.strictObject({
  name: z.string().describe("as the workload has it"),
  requests: z.int().describe("completed"),
  tokens: z.int().describe("their output tokens"),
});
const sessions = z.strictObject({
  count: z.int().describe("sessions of which a round reached an instance"),
  ttft_cold_ms: distribution.describe("first rounds"),
  ttft_warm_ms: distribution.describe("later rounds"),
  duration_ms: distribution.describe("arrival of the first round to the last completion"),
});
const anomalies = z.strictObject({
  priority_inversions: z.int()
    .describe("pairs of requests of which the earlier took more than twice as long"),
  hol_blocking_events: z.int()
    .describe("instances whose mean queue is more than twice the mean of all"),
  rejected_admission: z.int().describe("requests that the admission policy turned away"),
  rejected_by_class: z.record(z.string(), z.int())
    .describe("the same by SLO class; without a class they count as `standard`"),
  rejected_routing: z.int().describe("requests that name a model which no instance serves"),
  dropped_unservable: z.int().describe("requests too long for the model or for all KV blocks"),
  timed_out_requests: z.int().describe("requests whose client gave up"),
  length_capped_requests: z.int().describe("requests that the model length ended"),
});
const cache = z.strictObject({
  preemption_rate: z.number().describe("preemptions ÷ completed requests"),
  hit_rate: z.number().describe("mean over the instances"),
  thrashing_rate: z.number().describe("mean over the instances"),
});
const traceSummary = z.strictObject({
  admitted: z.int().describe("requests that admission let in"),
  rejected: z.int().describe("requests that it turned away"),
  targets: z.record(z.string(), z.int()).describe("requests by instance"),
  mean_regret: z.number().describe(
    "best score minus that of the chosen instance, over all choices",
  ),
  max_regret: z.number().describe("the largest of them"),
});
const fitness = z.strictObject({
  score: z.number().describe("sum of weight × component"),
  components: z.record(z.string(), z.number()).describe("by metric, before it is weighed"),
});
const config = z.strictObject({
  deployment: z.record(z.string(), z.unknown()).describe("complete: no value is left to default"),
  workload: z.record(z.string(), z.unknown())
    .describe("of `run` the spec and its bounds, of `replay` the files of the trace"),
});

/** All that a run has to say, as one JSON document. Times end in their unit. */
export const resultDocument = z.strictObject({
  version: z.string().describe("of the program"),
  seed: z.string().describe("master seed; text, since it has 64 bits"),
  metrics: metrics.describe("of all instances together"),
  instances: z.array(metrics).describe("the same of each instance, in their order"),
  slo_classes: z.array(group).describe("empty if all requests are of one class"),
  models: z.array(model).describe("empty if no request names one"),
  tenants: z.array(tenant).describe("empty if no completed request has one"),
  jain_fairness_index: z.number().nullable().describe("null without tenants"),
  sessions: sessions.nullable().describe("null if no request belongs to one"),
  anomalies: anomalies.describe("counters of what went wrong"),
  cache: cache.describe("rates of the KV cache"),
  trace_summary: traceSummary.nullable().describe("null unless decisions were traced"),
  fitness: fitness.nullable().describe("null without --fitness-weights"),
  ...sloDocument,
  config: config.describe("what was simulated; `run --from-result` repeats a run, not a replay"),
});

/** See {@link resultDocument}. */
export type ResultDocument = z.infer<typeof resultDocument>;

/** What a document says beside the result. */
export interface Provenance {
  /** Of the program. */
  readonly version: string;
  /** As JSON values. */
  readonly workload: Record<string, unknown>;
  /** What the run is judged by. */
  readonly slos?: readonly SloTarget[];
}

/** Everything that the text sections say, and what was simulated. */
export function describeResult(
  run: JudgedRun,
  deployment: Deployment,
  { version, workload, slos = [] }: Provenance,
): ResultDocument {
  const { result, metrics: cluster } = run;
  const { tenants, jain } = tenantShares(result);
  return {
    version,
    seed: String(deployment.seed),
    metrics: metricsFileReport(cluster),
    instances: instanceMetrics(result).map(metricsFileReport),
    slo_classes: latenciesPerClass(result).map(describeGroup),
    models: latenciesPerModel(result, cluster.endUs / 1e6).map((model) => ({
      ...describeGroup(model),
      requests_per_s: model.requestsPerS,
      tokens_per_s: model.tokensPerS,
    })),
    tenants,
    jain_fairness_index: tenants.length === 0 ? null : jain,
    sessions: describeSessions(result),
    anomalies: describeAnomalies(result, cluster),
    cache: describeCache(result, cluster),
    trace_summary: deployment.traceLevel === "none" ? null : describeTrace(result),
    fitness: describeFitness(cluster, deployment),
    ...describeSlos(slos, run),
    config: { deployment: deploymentToJson(deployment), workload },
  };
}

function describeDistribution(values: Distribution): z.infer<typeof distribution> {
  return {
    count: values.count,
    mean: mean(values),
    p50: percentile(values, 50),
    p90: percentile(values, 90),
    p95: percentile(values, 95),
    p99: percentile(values, 99),
  };
}

function describeGroup({ name, ttft, itl, e2e }: GroupLatencies): z.infer<typeof group> {
  return {
    name,
    ttft_us: describeDistribution(ttft),
    itl_us: describeDistribution(itl),
    e2e_us: describeDistribution(e2e),
  };
}

function describeSessions(result: RunResult): ResultDocument["sessions"] {
  const times = sessionTimes(result);
  return times === undefined ? null : {
    count: times.numSessions,
    ttft_cold_ms: describeDistribution(times.coldTtft),
    ttft_warm_ms: describeDistribution(times.warmTtft),
    duration_ms: describeDistribution(times.duration),
  };
}

function describeAnomalies(result: RunResult, cluster: MetricsInput): ResultDocument["anomalies"] {
  const { priorityInversions, holBlockingEvents } = anomaliesOf(result);
  return {
    priority_inversions: priorityInversions,
    hol_blocking_events: holBlockingEvents,
    rejected_admission: result.numRejectedAtAdmission,
    rejected_by_class: Object.fromEntries(result.rejectedByClass),
    rejected_routing: result.numRejectedAtRouting,
    dropped_unservable: cluster.numDropped,
    timed_out_requests: cluster.numTimedOut,
    length_capped_requests: cluster.numLengthCapped,
  };
}

function describeCache(
  { instances }: RunResult,
  { numCompleted, numPreemptions, cacheHitRate }: MetricsInput,
): ResultDocument["cache"] {
  const thrashing = instances.reduce((sum, { thrashingRate }) => sum + thrashingRate, 0);
  return {
    preemption_rate: numCompleted === 0 ? 0 : numPreemptions / numCompleted,
    hit_rate: cacheHitRate,
    thrashing_rate: thrashing / instances.length,
  };
}

function describeTrace({ traceSummary }: RunResult): ResultDocument["trace_summary"] {
  return traceSummary === undefined ? null : {
    admitted: traceSummary.numAdmitted,
    rejected: traceSummary.numRejected,
    targets: Object.fromEntries(traceSummary.targets),
    mean_regret: traceSummary.meanRegret,
    max_regret: traceSummary.maxRegret,
  };
}

function describeFitness(
  cluster: MetricsInput,
  { fitnessWeights }: Deployment,
): ResultDocument["fitness"] {
  if (Object.keys(fitnessWeights).length === 0) return null;
  const { score, components } = fitnessOf(cluster, fitnessWeights);
  return { score, components: Object.fromEntries(components) };
}
