import assert from "node:assert/strict";
import { parseDocument } from "./internal/document.ts";
import { policyBundle } from "./policy_bundle.ts";

function read(text: string) {
  return parseDocument(text, "policy.yaml").decode(policyBundle);
}

Deno.test("what a policy file leaves out, or leaves empty, is undecided", () => {
  for (const text of ["{}", "admission: {policy: ''}\nscheduler: ''\npriority:\n"]) {
    const { admission, routing, priority, scheduler } = read(text);
    assert.deepEqual(
      [admission.policy, routing.policy, priority.policy, scheduler],
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(routing.scorers, []);
  }
});

Deno.test("scorers keep their order and appear once", () => {
  const scorers = "[{name: vllm-dp, weight: 2}, {name: queue-depth, weight: 0.5}]";
  assert.deepEqual(read(`routing: {scorers: ${scorers}}`).routing.scorers, [
    { name: "vllm-dp", weight: 2 },
    { name: "queue-depth", weight: 0.5 },
  ]);
  const twice = "[{name: vllm-dp, weight: 2}, {name: vllm-dp, weight: 1}]";
  assert.throws(() => read(`routing: {scorers: ${twice}}`), /Scorer "vllm-dp" appears twice/);
});

Deno.test("values out of range are refused even if nothing would use them", () => {
  const refused = [
    "admission: {token_bucket_capacity: -1}",
    "admission: {token_bucket_refill_rate: .nan}",
    "admission: {tier_shed_threshold: -1}",
    "admission: {gaie_qd_threshold: 0}",
    "admission: {gaie_kv_threshold: 1.1}",
    "admission: {slo_priorities: {batch: -101}}",
    "tenant_budgets: {a: 1.5}",
    "routing: {scorers: [{name: queue-depth, weight: 0}]}",
    "priority: {policy: nope}",
    "preemption: {policy: nope}",
    "scheduler: 3",
    "schedular: fcfs",
  ];
  for (const text of refused) assert.throws(() => read(text), { name: "ConfigError" }, text);
  assert.equal(read("admission: {token_bucket_capacity: 0}").admission.token_bucket_capacity, 0);
});
