import assert from "node:assert/strict";
import { requestWith } from "../tests/fixtures/requests.ts";
import { viewOf, viewOfLoads } from "../tests/fixtures/views.ts";
import { Random } from "../sim/internal/random.ts";
import { routingPolicies } from "../sim/routing/mod.ts";
import { queueDepth } from "../sim/scorers/queue_depth.ts";
import type { DecisionRecord, RoutingRecord } from "../trace/records.ts";
import { DecisionTrace } from "./decision_trace.ts";

/** Twelve instances; those that no test names are far too busy. */
function loads(some: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: 12 }, (_, i) => some[i] ?? 99);
}

const roundRobin = () =>
  routingPolicies["round-robin"].create({ numInstances: 12, random: new Random(1), scorers: [] });

/** Traces one decision for instance 0 and yields its record. */
function recordOf(numCandidates: number, some: Readonly<Record<number, number>>): RoutingRecord {
  let record: DecisionRecord | undefined;
  const trace = new DecisionTrace(numCandidates, (made) => record = made);
  const policy = roundRobin();
  const view = viewOfLoads(...loads(some));
  policy.route(requestWith({ number: 7 }), view);
  trace.recordRouting(requestWith({ number: 7 }), 0, policy, view);
  return record as RoutingRecord;
}

Deno.test("a decision without scores is compared by load, ties in byte order of the instances", () => {
  const { candidates, regret, ...record } = recordOf(3, { 0: 24, 1: 6, 10: 6, 2: 18 });
  assert.deepEqual(candidates.map(({ instance, score }) => [instance, score]), [
    ["instance_1", -6],
    ["instance_10", -6],
    ["instance_2", -18],
  ]);
  assert.equal(regret, 18);
  assert.deepEqual(record, {
    kind: "routing",
    requestId: "request_7",
    clockUs: 0,
    instance: "instance_0",
    reason: "round-robin[0]",
    scores: undefined,
  });
});

Deno.test("the best decision has regret 0, and no more candidates than instances", () => {
  const { candidates, regret } = recordOf(50, { 0: 2 });
  assert.deepEqual([candidates.length, candidates[0]!.instance, regret], [12, "instance_0", 0]);
});

Deno.test("a sink sees all candidates where no number is asked for, and nobody else does", () => {
  const { candidates, regret } = recordOf(0, { 0: 24, 1: 0 });
  assert.deepEqual([candidates.length, candidates[0]!.instance, regret], [12, "instance_1", 24]);
  assert.deepEqual(new DecisionTrace(0).reads, []);
});

Deno.test("a decision by scores is compared by them, and its candidates show what was seen", () => {
  const policy = routingPolicies.weighted.create({
    numInstances: 2,
    random: new Random(1),
    scorers: [{ scorer: queueDepth.create({ numInstances: 2, blockSize: 16 }), weight: 1 }],
  });
  const view = viewOf([
    { queueDepth: 5, batchSize: 2, inFlight: 8, kvUtilization: 0.5, freeBlocks: 30 },
    { queueDepth: 1, batchSize: 9, inFlight: 11, kvUtilization: 0.75, freeBlocks: 15 },
  ], 1234);
  const records: DecisionRecord[] = [];
  const trace = new DecisionTrace(1, (record) => records.push(record));
  const request = requestWith({ number: 3 });
  trace.recordRouting(request, policy.route(request, view), policy, view);
  assert.deepEqual(records, [{
    kind: "routing",
    requestId: "request_3",
    clockUs: 1234,
    instance: "instance_1",
    reason: "weighted-scoring (score=1.000)",
    scores: { instance_0: 0, instance_1: 1 },
    candidates: [{
      instance: "instance_1",
      score: 1,
      queueDepth: 1,
      batchSize: 9,
      inFlight: 11,
      kvUtilization: 0.75,
      freeKvBlocks: 15,
    }],
    regret: 0,
  }]);
});

Deno.test("the summary counts admissions, targets and regret", () => {
  const { summary, ...trace } = traceOfThree();
  assert.deepEqual([summary.numAdmitted, summary.numRejected, summary.numRouted], [3, 1, 3]);
  assert.deepEqual([...summary.targets], [["instance_0", 2], ["instance_1", 1]]);
  assert.deepEqual([summary.meanRegret, summary.maxRegret], [(10 + 0 + 2) / 3, 10]);
  assert.equal(trace.records.length, 7);
});

/** Three requests that are let in and one that is not, on two instances. */
function traceOfThree() {
  const records: DecisionRecord[] = [];
  const trace = new DecisionTrace(1, (record) => records.push(record));
  const policy = routingPolicies["round-robin"]
    .create({ numInstances: 2, random: new Random(1), scorers: [] });
  const request = requestWith({});
  for (const [first, second] of [[10, 0], [3, 2], [6, 4]] as const) {
    const view = viewOfLoads(first, second);
    trace.recordAdmission(request, { admitted: true, reason: "" }, view);
    trace.recordRouting(request, policy.route(request, view), policy, view);
  }
  trace.recordAdmission(request, { admitted: false, reason: "full" }, viewOf([]));
  return { records, summary: trace.summary };
}
