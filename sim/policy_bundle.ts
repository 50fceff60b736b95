import { z } from "zod";
import { admissionPolicies } from "./admission/mod.ts";
import { namesOf } from "./internal/registry.ts";
import { preemptionPolicies } from "./preemption.ts";
import { namedPriorities } from "./priorities/mod.ts";
import { routingPolicies } from "./routing/mod.ts";
import { schedulers } from "./schedulers/mod.ts";
import { scorers } from "./scorers/mod.ts";

/** Priority policies that a user can ask for; without one the SLO class decides. */
export const PRIORITY_POLICIES = namesOf(namedPriorities);

/** Scorers with their weights, in the order in which their scores are summed. */
export const scorerList = z.array(z.strictObject({
  name: z.enum(namesOf(scorers)).describe("a scorer"),
  weight: z.number().positive().describe("its weight, relative to the others"),
})).check((context) => {
  const seen = new Set<string>();
  for (const [i, { name }] of context.value.entries()) {
    if (seen.has(name)) {
      context.issues.push({
        code: "custom",
        input: name,
        path: [i, "name"],
        message: `Scorer "${name}" appears twice`,
      });
    }
    seen.add(name);
  }
});

/** A policy file: all policies in one place. What it leaves out, flags and defaults decide. */
export const policyBundle = z.strictObject({
  admission: z.strictObject({
    policy: orEmpty(namesOf(admissionPolicies)).describe("which requests are let in"),
    token_bucket_capacity: z.number().nonnegative().optional()
      .describe("tokens that token-bucket can hold"),
    token_bucket_refill_rate: z.number().nonnegative().optional()
      .describe("tokens per second that refill it"),
    tier_shed_threshold: z.int().nonnegative().optional()
      .describe("load of the busiest instance above which tier-shed sheds"),
    tier_shed_min_priority: z.int().optional()
      .describe("least priority that tier-shed still lets in then"),
    gaie_qd_threshold: z.number().positive().optional()
      .describe("queue depth that gaie-legacy takes for saturation"),
    gaie_kv_threshold: z.number().gt(0).lte(1).optional()
      .describe("share of used KV blocks that it takes for saturation"),
    slo_priorities: z.record(z.string(), z.int().min(-100).max(100)).optional()
      .describe("priority by SLO class, higher is more urgent, below 0 may be shed"),
  }).prefault({}).describe("the gate in front of the router"),
  routing: z.strictObject({
    policy: orEmpty(namesOf(routingPolicies)).describe("which instance serves a request"),
    scorers: scorerList.default([]).describe("what the weighted policy sums up"),
  }).prefault({}).describe("the router"),
  priority: z.strictObject({
    policy: orEmpty(PRIORITY_POLICIES).describe("priority of a request"),
  }).prefault({}).describe("what is urgent"),
  scheduler: orEmpty(namesOf(schedulers)).describe("order of the waiting queue"),
  preemption: z.strictObject({
    policy: orEmpty(namesOf(preemptionPolicies))
      .describe("who loses its KV blocks when they run out"),
  }).prefault({}).describe("shortage of KV blocks"),
  tenant_budgets: z.record(z.string(), z.number().min(0).max(1)).default({})
    .describe("share of each tenant; has no effect"),
});

/** See {@link policyBundle}. */
export type PolicyBundle = z.infer<typeof policyBundle>;

/** One of `names`, or undefined if the file has an empty text there. */
function orEmpty<const T extends string>(names: readonly T[]) {
  return z.preprocess((name) => name === "" ? undefined : name, z.enum(names).optional());
}
