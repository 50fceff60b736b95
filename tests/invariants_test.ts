import assert from "node:assert/strict";
import fc from "fast-check";
import { buildCluster, clusterParts } from "../cluster/build.ts";
import { Cluster } from "../cluster/cluster.ts";
import { renderMetricsFile, renderText } from "../cluster/render.ts";
import { clusterMetrics, instanceMetrics, type RunResult } from "../cluster/result.ts";
import { metricsReport } from "../sim/report.ts";
import { type Request, RequestState } from "../sim/request.ts";
import type { RouterView } from "../sim/router_view.ts";
import type { RoutingPolicy } from "../sim/routing/routing.ts";
import type { DecisionRecord } from "../trace/records.ts";
import {
  endless,
  type RandomRun,
  randomRuns,
  withDeployment,
  withoutSessions,
  workloadOf,
} from "./fixtures/random_runs.ts";
import { type Snapshot, viewOf } from "./fixtures/views.ts";

/** All that a user gets to see of a run. */
function textOf(result: RunResult): string {
  const cluster = clusterMetrics(result);
  const options = {
    fitnessWeights: { p99_ttft: 1, throughput: 1 },
    traceLevel: "none",
    summarizeTrace: false,
  } as const;
  return [renderText(result, cluster, options), ...renderMetricsFile(result, cluster)].join("");
}

/** Runs and records the decisions. */
function runTraced(given: RandomRun) {
  const { input, made } = workloadOf(given);
  const decisions: DecisionRecord[] = [];
  const onDecision = (record: DecisionRecord) => decisions.push(record);
  const result = buildCluster(given.deployment, { ...input, onDecision }).run();
  return { result, decisions, made };
}

/** Runs with another routing policy in place of its own. */
function runRouted(
  given: RandomRun,
  exchange: (policy: RoutingPolicy) => RoutingPolicy,
): RunResult {
  const parts = clusterParts(given.deployment, workloadOf(given).input);
  return new Cluster({ ...parts, routing: exchange(parts.routing) }).run();
}

/** What a view shows to a policy that routes `request`, copied. */
function snapshotsOf(view: RouterView, request: Request): Snapshot[] {
  const cached = new Float64Array(view.size);
  view.cachedBlocks(request, cached);
  return Array.from({ length: view.size }, (_, i) => ({
    queueDepth: view.queueDepth[i]!,
    batchSize: view.batchSize[i]!,
    kvUtilization: view.kvUtilization[i]!,
    freeBlocks: view.freeBlocks[i]!,
    inFlight: view.inFlight[i]!,
    cached: cached[i]!,
  }));
}

Deno.test("the same run twice prints the same bytes and takes the same decisions", () => {
  fc.assert(
    fc.property(randomRuns, (given) => {
      const [first, second] = [runTraced(given), runTraced(given)];
      assert.equal(textOf(second.result), textOf(first.result));
      assert.deepEqual(second.decisions, first.decisions);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("every request ends in exactly one state in exactly one place", () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(randomRuns.map(endless), (given) => {
      const { result, decisions, made } = runTraced(given);
      const places = made.map((request) => placeOf(request, result, decisions));
      for (const place of places) reached.add(place);
      const count = (place: string) => places.filter((p) => p === place).length;
      const cluster = clusterMetrics(result);
      assert.deepEqual(
        {
          arrived: result.numArrived,
          rejected: result.numRejectedAtAdmission,
          rejectedByClass: [...result.rejectedByClass.values()].reduce((a, b) => a + b, 0),
          unroutable: result.numRejectedAtRouting,
          completed: cluster.numCompleted,
          timedOut: cluster.numTimedOut,
          dropped: cluster.numDropped,
          left: cluster.stillQueued + cluster.stillRunning,
          completedByInstance: instanceMetrics(result).reduce((sum, m) => sum + m.numCompleted, 0),
        },
        {
          arrived: made.length,
          rejected: count("rejected"),
          rejectedByClass: count("rejected"),
          unroutable: count("unroutable"),
          completed: count("completed"),
          timedOut: count("timed out"),
          dropped: count("dropped"),
          left: 0,
          completedByInstance: count("completed"),
        },
      );
    }),
    { seed: 2, numRuns: 400 },
  );
  assert.equal(reached.size, 5, "the random runs reach every place");
});

/** Where a request ended; that is the only place in which it left a trace. */
function placeOf(
  request: Request,
  { table }: RunResult,
  decisions: readonly DecisionRecord[],
): string {
  const records = decisions.filter(({ requestId }) => requestId === request.id);
  const [admission, routing] = records;
  assert.ok(admission?.kind === "admission", `${request.id} was not decided upon`);
  if (routing === undefined) {
    assert.deepEqual([request.row, request.state], [-1, RequestState.QUEUED]);
    return admission.admitted ? "unroutable" : "rejected";
  }
  assert.ok(admission.admitted && routing.kind === "routing" && records.length === 2);
  assert.equal(table.id(request.row), request.id);
  assert.deepEqual([request.numBlocks, request.runOrder], [0, -1], "it still holds its place");
  if (table.isDropped(request.row)) {
    assert.equal(request.state, RequestState.QUEUED);
    return "dropped";
  }
  assert.equal(routing.instance, `instance_${table.instance.at(request.row)}`);
  const isCompleted = request.state === RequestState.COMPLETED;
  assert.equal(Number.isNaN(table.e2eUs.data[request.row]), !isCompleted);
  assert.ok(isCompleted || request.state === RequestState.TIMED_OUT);
  return isCompleted ? "completed" : "timed out";
}

Deno.test("a run is the same whether its decisions are recorded or not", () => {
  fc.assert(
    fc.property(randomRuns, fc.nat(5), (given, counterfactualK) => {
      const plain = buildCluster(given.deployment, workloadOf(given).input).run();
      const traced = runTraced(
        withDeployment(given, { traceLevel: "decisions", counterfactualK }),
      );
      assert.equal(textOf(traced.result), textOf(plain));
    }),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("instances that run alone between two looks equal those that run in the order of events", () => {
  fc.assert(
    fc.property(randomRuns, (sessions) => {
      const given = withoutSessions(sessions);
      const inOrder = buildCluster(given.deployment, workloadOf(given).input).run();
      const { source, ids } = workloadOf(given).input;
      const alone = { source: { next: () => source.next() }, ids };
      assert.equal(textOf(buildCluster(given.deployment, alone).run()), textOf(inOrder));
    }),
    { seed: 4, numRuns: 200 },
  );
});

Deno.test("a router decides by its view and the requests alone", () => {
  fc.assert(
    fc.property(randomRuns, (given) => {
      const twin = clusterParts(given.deployment, workloadOf(given).input).routing;
      let numDecisions = 0;
      runRouted(given, (policy) => ({
        reads: policy.reads,
        reason: () => policy.reason(),
        route(request, view) {
          const copy = viewOf(snapshotsOf(view, request), view.nowUs);
          const chosen = policy.route(request, view);
          assert.equal(twin.route(request, copy), chosen, `decision ${numDecisions++}`);
          return chosen;
        },
      }));
    }),
    { seed: 5, numRuns: 200 },
  );
});

/** Runs, and a random order of the instances. Sums over instances round differently in another order: no gaie-legacy. */
const renumberedRuns = randomRuns
  .filter(({ deployment }) => deployment.admission.policy !== "gaie-legacy")
  .chain((given) => {
    const { numInstances } = given.deployment;
    const instances = Array.from({ length: numInstances }, (_, i) => i);
    const order = fc.shuffledSubarray(instances, { minLength: numInstances });
    return fc.tuple(fc.constant(withoutSessions(given)), order);
  });

Deno.test("no instance is special: renumbered for the policy too, they change nothing but their names", () => {
  fc.assert(
    fc.property(renumberedRuns, ([given, order]) => {
      const plain = runRouted(given, (policy) => policy);
      const renumbered = runRouted(given, (policy) => ({
        reads: policy.reads,
        reason: () => policy.reason(),
        route(request, view) {
          const snapshots = snapshotsOf(view, request);
          const seen = viewOf(order.map((i) => snapshots[i]!), view.nowUs);
          return order[policy.route(request, seen)]!;
        },
      }));
      const reports = instanceMetrics(renumbered).map(metricsReport);
      instanceMetrics(plain).map(metricsReport).forEach((report, i) => {
        assert.deepEqual(reports[order[i]!], { ...report, instance_id: `instance_${order[i]}` });
      });
      assert.deepEqual(
        [...renumbered.table.e2eUs.view()],
        [...plain.table.e2eUs.view()],
      );
    }),
    { seed: 6, numRuns: 200 },
  );
});
