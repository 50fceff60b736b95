import assert from "node:assert/strict";
import { TraceSummary } from "../trace/summary.ts";
import { metricsWith, resultWith, type Row } from "../tests/fixtures/results.ts";
import { renderMetricsFile, type RenderOptions, renderText } from "./render.ts";
import { clusterMetrics, type RunResult } from "./result.ts";

const PLAIN: RenderOptions = {
  fitnessWeights: {},
  traceLevel: "decisions",
  summarizeTrace: false,
};

function render(result: RunResult, options: Partial<RenderOptions> = {}): string {
  return renderText(result, clusterMetrics(result), { ...PLAIN, ...options });
}

/** The lines of a section, without its title; undefined if it is not printed. */
function section(text: string, title: string): string[] | undefined {
  const start = text.indexOf(`=== ${title} ===\n`);
  if (start < 0) return undefined;
  const lines = text.slice(start).split("\n").slice(1);
  return lines.slice(0, lines.findIndex((line) => line === "" || line.startsWith("===")));
}

function titles(text: string): string[] {
  return [...text.matchAll(/^=== (.*) ===$/gm)].map((match) => match[1]!);
}

/** Requests of two classes, tenants and rounds that name a model; two ran on each instance. */
const ROWS: readonly Row[] = [0, 1, 2, 3].map((i) => ({
  instance: i % 2,
  arrivalUs: 1000 * i,
  promptTokens: 10,
  outputTokens: 100 * (i + 1),
  sessionId: "s",
  round: i,
  labels: { sloClass: i < 2 ? "batch" : "", tenantId: i < 2 ? "a" : "b", model: "org/m" },
  ttftUs: 500 + i,
  itlUs: 20.5,
  e2eUs: 4000 - 1000 * i,
}));

function fullResult(): RunResult {
  const traceSummary = new TraceSummary();
  const decision = { requestId: "request_0", clockUs: 0, reason: "" };
  traceSummary.add({ kind: "admission", admitted: true, ...decision });
  const routed = { scores: undefined, candidates: [], ...decision };
  traceSummary.add({ kind: "routing", instance: "instance_10", regret: 1.5, ...routed });
  traceSummary.add({ kind: "routing", instance: "instance_9", regret: 0, ...routed });
  const metrics = { numCompleted: 2, inputTokens: 20, outputTokens: 500, numPreemptions: 1 };
  return resultWith({
    rows: ROWS,
    instances: [
      { metrics, endUs: 2e6, hitRate: 0.5 },
      { metrics, endUs: 4e6, stillQueued: 1, numTooLong: 3 },
    ],
    numRejectedAtAdmission: 3,
    rejectedByClass: new Map([["standard", 1], ["batch", 2]]),
    numRejectedAtRouting: 4,
    countsInversions: true,
    traceSummary,
  });
}

Deno.test("all sections come in the order of the reference, one metrics block an instance first", () => {
  const options = { fitnessWeights: { throughput: 1 }, summarizeTrace: true } as const;
  assert.deepEqual(titles(render(fullResult(), options)), [
    "Simulation Metrics",
    "Simulation Metrics",
    "Simulation Metrics",
    "Fitness Evaluation",
    "Anomaly Counters",
    "KV Cache Metrics",
    "Per-SLO Metrics",
    "Per-Model Metrics",
    "Per-Tenant Metrics",
    "Session Metrics",
    "Trace Summary",
  ]);
});

Deno.test("a run of which there is nothing to say prints the metrics of the cluster alone", () => {
  const text = render(resultWith({}), { summarizeTrace: true });
  assert.deepEqual(titles(text), ["Simulation Metrics"]);
  assert.ok(text.endsWith("\n}\n"));
});

Deno.test("the metrics of the cluster sum those of its instances and last as long as the longest", () => {
  const blocks = render(fullResult()).matchAll(/^\{\n[^}]*^\}$/gm);
  const metrics = [...blocks].map(([json]) => JSON.parse(json));
  assert.deepEqual(metrics.map((m) => m.instance_id), ["instance_0", "instance_1", "cluster"]);
  const [first, second, cluster] = metrics;
  for (const key of ["completed_requests", "total_output_tokens", "dropped_unservable"]) {
    assert.equal(cluster[key], first[key] + second[key], key);
  }
  assert.equal(cluster.injected_requests, 4 + 1 + 3, "completed, queued and dropped");
  assert.equal(cluster.vllm_estimated_duration_s, 4);
  assert.equal(cluster.responses_per_sec, 1);
  assert.deepEqual([first.e2e_mean_ms, second.e2e_mean_ms, cluster.e2e_mean_ms], [3, 2, 2.5]);
});

Deno.test("the keys of the metrics come in the order of the reference", () => {
  const [json] = render(resultWith({ instances: [{ metrics: { numKvAllocationFailures: 2 } }] }))
    .match(/^\{\n[^}]*^\}$/m)!;
  const latencies = ["e2e", "ttft", "itl"].flatMap((name) =>
    ["mean", "p90", "p95", "p99"].map((figure) => `${name}_${figure}_ms`)
  );
  assert.deepEqual(Object.keys(JSON.parse(json)), [
    "instance_id",
    "completed_requests",
    "still_queued",
    "still_running",
    "injected_requests",
    "total_input_tokens",
    "total_output_tokens",
    "vllm_estimated_duration_s",
    "responses_per_sec",
    "tokens_per_sec",
    ...latencies,
    "scheduling_delay_p99_ms",
    "kv_allocation_failures",
    "preemption_count",
    "dropped_unservable",
    "length_capped_requests",
    "timed_out_requests",
  ]);
});

Deno.test("fitness shows the score, then each weighted metric", () => {
  const cluster = metricsWith({ numCompleted: 100, endUs: 1e6 });
  const fitnessWeights = { throughput: 2, p99_ttft: 0 };
  const text = renderText(resultWith({}), cluster, { ...PLAIN, fitnessWeights });
  assert.deepEqual(section(text, "Fitness Evaluation"), [
    "Score: 1.000000",
    "  p99_ttft: 1.000000",
    "  throughput: 0.500000",
  ]);
});

Deno.test("anomalies show every counter once one of them is not 0", () => {
  assert.deepEqual(section(render(fullResult()), "Anomaly Counters"), [
    "Priority Inversions: 0",
    "HOL Blocking Events: 0",
    "Rejected Requests (Admission): 3",
    "  Shed (batch): 2",
    "  Shed (standard): 1",
    "Rejected Requests (Routing): 4",
    "Dropped Unservable: 3",
    "Timed Out Requests: 0",
    "Length-Capped Requests: 0",
  ]);
});

Deno.test("cache rates are means over the instances, preemptions count per completed request", () => {
  assert.deepEqual(section(render(fullResult()), "KV Cache Metrics"), [
    "Preemption Rate: 0.5000",
    "Cache Hit Rate: 0.2500",
    "KV Thrashing Rate: 0.0000",
  ]);
});

Deno.test("classes show µs, and an exact tie is rounded to even", () => {
  const rows = [0, 0, 0, 0, 0, 0, 0, 1].map((ttftUs): Row => ({ ttftUs }));
  const other: Row = { labels: { sloClass: "batch" }, ttftUs: 7, itlUs: 2.5, e2eUs: 9 };
  assert.deepEqual(section(render(resultWith({ rows: [...rows, other] })), "Per-SLO Metrics"), [
    "  batch:",
    "    TTFT: mean=7.00 p99=7.00 (n=1)",
    "    ITL:  mean=2.50 p99=2.50 (n=1)",
    "    E2E:  mean=9.00 p99=9.00 (n=1)",
    "  default:",
    "    TTFT: mean=0.12 p99=0.93 (n=8)",
    "    ITL:  mean=0.00 p99=0.00 (n=0)",
    "    E2E:  mean=0.00 p99=0.00 (n=0)",
  ]);
});

Deno.test("a single class is not broken down", () => {
  assert.equal(
    section(render(resultWith({ rows: [{ ttftUs: 1 }] })), "Per-SLO Metrics"),
    undefined,
  );
});

Deno.test("models show medians, tails and throughput over the run", () => {
  assert.deepEqual(section(render(fullResult()), "Per-Model Metrics"), [
    "  org/m:",
    "    TTFT: p50=501.50 p99=502.97 (n=4)",
    "    E2E:  p50=2500.00 p99=3970.00 (n=4)",
    "    Throughput: 1.00 req/s, 250.00 tok/s",
  ]);
});

Deno.test("tenants show their share and how fair it is", () => {
  assert.deepEqual(section(render(fullResult()), "Per-Tenant Metrics"), [
    "  a: requests=2, tokens=300",
    "  b: requests=2, tokens=700",
    "  Jain Fairness Index: 0.8621",
  ]);
});

Deno.test("sessions show ms, and no line of what there is none of", () => {
  assert.deepEqual(section(render(fullResult()), "Session Metrics"), [
    "  Sessions: 1",
    "  TTFT cold (round 0): mean=0.50 p50=0.50 p95=0.50 p99=0.50 ms (n=1)",
    "  TTFT warm (round≥1): mean=0.50 p50=0.50 p95=0.50 p99=0.50 ms (n=3)",
    "  Session duration:    mean=4.00 p50=4.00 p95=4.00 p99=4.00 ms (n=1)",
  ]);
  const waiting = render(resultWith({ rows: [{ sessionId: "s" }] }));
  assert.deepEqual(section(waiting, "Session Metrics"), ["  Sessions: 1"]);
});

Deno.test("a trace is summarised with its targets in byte order, if that is asked for", () => {
  assert.equal(section(render(fullResult()), "Trace Summary"), undefined);
  assert.deepEqual(section(render(fullResult(), { summarizeTrace: true }), "Trace Summary"), [
    "Total Decisions: 1",
    "  Admitted: 1",
    "  Rejected: 0",
    "Unique Targets: 2",
    "Target Distribution:",
    "  instance_10: 1",
    "  instance_9: 1",
    "Mean Regret: 0.750000",
    "Max Regret: 1.500000",
  ]);
  const nothing = resultWith({ traceSummary: new TraceSummary() });
  assert.deepEqual(section(render(nothing, { summarizeTrace: true }), "Trace Summary"), [
    "Total Decisions: 0",
    "  Admitted: 0",
    "  Rejected: 0",
    "Unique Targets: 0",
    "Mean Regret: 0.000000",
    "Max Regret: 0.000000",
  ]);
});

Deno.test("the metrics file lists the requests by arrival, dropped ones left out", () => {
  const rows: Row[] = [
    { number: 12, arrivalUs: 500, ttftUs: 1500, e2eUs: 2500 },
    { number: 3, arrivalUs: 500 },
    { number: 40, arrivalUs: 100, isDropped: true },
    { number: 99, arrivalUs: 200, instance: 1, labels: { tenantId: "t" } },
  ];
  const result = resultWith({ rows, instances: [{}, { hitRate: 0.5 }] });
  const file = JSON.parse([...renderMetricsFile(result, clusterMetrics(result))].join(""));
  assert.equal(file.cache_hit_rate, 0.25);
  assert.deepEqual(file.requests.map((r: { requestID: string }) => r.requestID), [
    "request_99",
    "request_3",
    "request_12",
  ]);
  assert.deepEqual(file.requests[2], {
    arrived_at: 0.0005,
    requestID: "request_12",
    num_prefill_tokens: 16,
    num_decode_tokens: 16,
    ttft_ms: 1.5,
    itl_ms: 0,
    e2e_ms: 2.5,
    scheduling_delay_ms: 0,
    handled_by: "instance_0",
    round_index: 0,
  });
  assert.deepEqual(
    [file.requests[0].tenant_id, file.requests[0].handled_by],
    ["t", "instance_1"],
  );
});

Deno.test("the metrics file of a run without requests has no list of them", () => {
  const result = resultWith({});
  const text = [...renderMetricsFile(result, clusterMetrics(result))].join("");
  assert.ok(!text.includes('requests": ['));
  assert.equal(JSON.parse(text).instance_id, "cluster");
});
