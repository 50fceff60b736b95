import assert from "node:assert/strict";
import { instanceWith, linearLatency, runAll } from "../tests/fixtures/instances.ts";
import { NO_LABELS, requestWith } from "../tests/fixtures/requests.ts";
import type { SchedulerName } from "./schedulers/mod.ts";
import type { Request } from "./request.ts";
import { BlockIds, SharedContent } from "./shared_content.ts";

const LINEAR = linearLatency({ step: [1000, 10, 5], queue: [500, 2.5], outputTokenUs: 30 });

/** Requests under KV pressure with chunking, prefix groups and deadlines; see the table of the run below. */
function pressureRequests(ids: BlockIds): Request[] {
  const groups = { a: new SharedContent(ids), b: new SharedContent(ids) };
  const rows: [number, "a" | "b" | "", number, number, number, number, string][] = [
    [219, "", 0, 24, 1, Infinity, "weird"],
    [350, "", 0, 36, 36, Infinity, "sheddable"],
    [807, "b", 4, 6, 51, 130909, "standard"],
    [1271, "a", 32, 35, 6, 109680, "batch"],
    [1436, "b", 4, 29, 40, Infinity, ""],
    [1531, "b", 4, 41, 48, 37950, "critical"],
    [1806, "b", 4, 9, 38, 80735, "standard"],
    [1814, "a", 32, 33, 1, Infinity, "sheddable"],
    [2047, "b", 4, 15, 50, 126474, "batch"],
  ];
  return rows.map((
    [arrivalUs, group, prefix, promptTokens, outputTokens, deadlineUs, sloClass],
    i,
  ) =>
    requestWith({
      number: i,
      labels: { ...NO_LABELS, sloClass },
      arrivalUs,
      promptTokens,
      outputTokens,
      deadlineUs,
      shared: group === "" ? undefined : groups[group],
      sharedTokens: prefix,
    })
  );
}

function runUnderPressure(scheduler: SchedulerName) {
  const ids = new BlockIds();
  const parts = instanceWith({
    latency: LINEAR,
    ids,
    numBlocks: 9,
    maxModelLen: 100,
    maxNumBatchedTokens: 5,
    longPrefillTokenThreshold: 32,
    horizonUs: 1e9,
    scheduler,
  });
  runAll(parts, pressureRequests(ids));
  const { metrics, kv, latencies } = parts.instance;
  const itl = latencies.histogram.sorted();
  return {
    completed: metrics.numCompleted,
    timedOut: metrics.numTimedOut,
    preemptions: metrics.numPreemptions,
    outputTokens: metrics.outputTokens,
    endUs: parts.instance.nowUs,
    hitRate: kv.hitRate.toFixed(4),
    itlCount: itl.counts.reduce((a, b) => a + b, 0),
    e2e: Array.from(parts.table.e2eUs.view()).filter((x) => !Number.isNaN(x)),
    ttft: Array.from(parts.table.ttftUs.view()),
    usedBlocks: kv.numBlocks - kv.numFreeBlocks,
  };
}

Deno.test("an instance under KV pressure with chunks, prefixes and deadlines equals the reference, fcfs", () => {
  const run = runUnderPressure("fcfs");
  assert.deepEqual(
    {
      ...run,
      e2e: run.e2e.join(),
      ttft: run.ttft.filter((_, i) => [0, 1, 2, 3, 4, 7].includes(i)).join(),
    },
    {
      completed: 6,
      timedOut: 3,
      preemptions: 3,
      outputTokens: 129 + 6,
      endUs: 126914,
      hitRate: "0.0303",
      itlCount: 129,
      e2e: "5840,50184,67742,30893,93513,76675",
      ttft: "5840,13059,14692,25668,52228,76675",
      usedBlocks: 0,
    },
  );
});

Deno.test("an instance under KV pressure with chunks, prefixes and deadlines equals the reference, sjf", () => {
  const run = runUnderPressure("sjf");
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  assert.deepEqual([run.completed, run.timedOut, run.preemptions, run.endUs], [8, 1, 3, 118889]);
  assert.equal(run.outputTokens, 215 + 8);
  assert.equal(mean(run.e2e), 68480.25);
  assert.equal(run.hitRate, "0.0588");
});

Deno.test("queueing and output-token time add to latencies without delaying steps", () => {
  const parts = instanceWith({ latency: LINEAR });
  const request = (number: number, arrivalUs: number) =>
    requestWith({ number, arrivalUs, promptTokens: 64, outputTokens: 3 });
  runAll(parts, [request(0, 0), request(1, 100)]);
  assert.deepEqual([...parts.table.ttftUs.view()], [2330, 3875]);
  assert.deepEqual([...parts.table.e2eUs.view()], [5045, 5950]);
  assert.deepEqual([...parts.table.schedulingDelayUs.view()], [660, 2200]);
  assert.equal(parts.instance.nowUs, 5960);
});

/** Durations of the recorded examples: a prefill of 64 tokens takes 5770 µs, of 2000 tokens 90375. */
const RECORDED = linearLatency({ step: [0, 0, 0] });
const EXAMPLE = {
  ...RECORDED,
  stepUs: (shape: { numPrefill: number; prefillNew: Float64Array; numDecode: number }) =>
    shape.numPrefill === 0
      ? 5762
      : shape.prefillNew[0] === 2000
      ? 90375
      : 5770 + 3 * shape.numDecode,
};

Deno.test("an instance whose requests all completed is idle at once, so steps may overlap", () => {
  const parts = instanceWith({ latency: EXAMPLE });
  const request = (number: number, arrivalUs: number, outputTokens: number) =>
    requestWith({ number, arrivalUs, promptTokens: 64, outputTokens });
  runAll(parts, [request(0, 0, 1), request(1, 5000, 2), request(2, 9000, 0)]);
  assert.deepEqual([...parts.table.ttftUs.view()], [5770, 5770, 7543]);
  assert.deepEqual([...parts.table.e2eUs.view()], [5770, 11543, 7543]);
  assert.equal(parts.instance.nowUs, 16543);
  assert.equal(parts.instance.metrics.outputTokens, 3);
});

Deno.test("a step in flight holds new requests back after a timeout emptied the batch", () => {
  const parts = instanceWith({ latency: EXAMPLE });
  const long = requestWith({ promptTokens: 2000, outputTokens: 40, deadlineUs: 20000 });
  const late = requestWith({ number: 1, arrivalUs: 30000, promptTokens: 64, outputTokens: 2 });
  runAll(parts, [long, late]);
  assert.equal(parts.table.schedulingDelayUs.data[1], 60375);
  assert.equal(parts.instance.nowUs, 101907);
});

Deno.test("a request whose last step begins before the horizon counts as completed", () => {
  const at = (horizonUs: number) => {
    const parts = instanceWith({ latency: EXAMPLE, horizonUs });
    runAll(parts, [requestWith({ promptTokens: 64, outputTokens: 3 })]);
    const { metrics, running, nowUs } = parts.instance;
    return [metrics.numCompleted, running.size, nowUs];
  };
  assert.deepEqual(at(5769), [0, 1, 0]);
  assert.deepEqual(at(11537), [1, 0, 11532]);
  assert.deepEqual(at(17309), [1, 0, 17294]);
});

Deno.test("a request that could never be served is dropped, not retried for ever", () => {
  const parts = instanceWith({ latency: EXAMPLE, numBlocks: 10 });
  runAll(parts, [requestWith({ promptTokens: 64, outputTokens: 200 })]);
  assert.equal(parts.instance.metrics.dropped.get("too-few-blocks"), 1);
  assert.equal(parts.table.isDropped(0), true);
});
