import assert from "node:assert/strict";
import type { Request, RequestInit } from "../sim/request.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { type DeploymentInit, deploymentWith } from "../tests/fixtures/deployments.ts";
import { NO_LABELS, requestWith } from "../tests/fixtures/requests.ts";
import type { DecisionRecord } from "../trace/records.ts";
import { buildCluster } from "./build.ts";

/** Runs requests, in order of arrival; yields the result and all decisions. */
function runWith(init: DeploymentInit, requests: readonly Partial<RequestInit>[]) {
  const waiting: Request[] = requests.map((r, number) => requestWith({ number, ...r }));
  const decisions: DecisionRecord[] = [];
  const result = buildCluster(deploymentWith(init), {
    source: { next: () => waiting.shift() },
    ids: new BlockIds(),
    onDecision: (record) => decisions.push(record),
  }).run();
  return { result, decisions };
}

const ofModel = (model: string, sloClass = "") => ({ labels: { ...NO_LABELS, model, sloClass } });

Deno.test("at equal times all admissions go before all routings, each in order of arrival", () => {
  const { decisions } = runWith({}, [{ arrivalUs: 100 }, { arrivalUs: 100 }, { arrivalUs: 100 }]);
  assert.deepEqual(decisions.map(({ kind, requestId }) => `${kind} ${requestId}`), [
    "admission request_0",
    "admission request_1",
    "admission request_2",
    "routing request_0",
    "routing request_1",
    "routing request_2",
  ]);
});

Deno.test("a routing counts the requests that were routed before it at the same time", () => {
  const routing = { policy: "least-loaded" } as const;
  const { decisions } = runWith({ numInstances: 4, routing }, [{}, {}, {}, {}]);
  const targets = decisions.flatMap((d) => d.kind === "routing" ? [d.instance] : []);
  assert.equal(new Set(targets).size, 4);
});

Deno.test("admission and routing take their time, and the latencies of a request contain it", () => {
  const requests = [{ arrivalUs: 5000 }];
  const plain = runWith({}, requests);
  const delayed = runWith({ admissionLatencyUs: 300, routingLatencyUs: 40 }, requests);
  assert.deepEqual(delayed.decisions.map(({ clockUs }) => clockUs), [5300, 5340]);
  const latencies = ({ table }: typeof plain.result) => [table.ttftUs.data[0], table.e2eUs.data[0]];
  const [ttftUs, e2eUs] = latencies(plain.result);
  assert.deepEqual(latencies(delayed.result), [ttftUs! + 340, e2eUs! + 340]);
});

Deno.test("a request that names a model which no instance serves is rejected at routing, without a record", () => {
  const { result, decisions } = runWith({ model: "org/model" }, [
    ofModel("org/model"),
    ofModel("org/MODEL"),
    ofModel(""),
  ]);
  assert.equal(result.numRejectedAtRouting, 1);
  assert.equal(result.unknownModel, "org/MODEL");
  const routed = decisions.filter(({ kind }) => kind === "routing");
  assert.deepEqual(routed.map(({ requestId }) => requestId), ["request_0", "request_2"]);
});

Deno.test("to admission a model that no instance serves is saturated but not loaded", () => {
  const rejections = (policy: "gaie-legacy" | "tier-shed") => {
    const { result } = runWith({ admission: { policy, tierShedMinPriority: 9 } }, [
      ofModel("org/other", "batch"),
    ]);
    return [result.numRejectedAtAdmission, result.numRejectedAtRouting];
  };
  assert.deepEqual(rejections("gaie-legacy"), [1, 0]);
  assert.deepEqual(rejections("tier-shed"), [0, 1]);
});

Deno.test("rejections are counted by class, an empty one as `standard`", () => {
  const { result } = runWith({ admission: { policy: "reject-all" } }, [
    ofModel("", "batch"),
    ofModel(""),
    ofModel("", "standard"),
  ]);
  assert.deepEqual([...result.rejectedByClass], [["batch", 1], ["standard", 2]]);
  assert.equal(result.table.length, 0);
});
