import { z } from "zod";
import { admissionPolicies } from "./admission/mod.ts";
import { namesOf } from "./internal/registry.ts";
import { preemptionPolicies } from "./preemption.ts";
import { routingPolicies } from "./routing/mod.ts";
import { schedulers } from "./schedulers/mod.ts";
import { scorers } from "./scorers/mod.ts";

/** Priority policies that a user can ask for; without one the SLO class decides. */
export const PRIORITY_POLICIES = ["constant", "slo-based", "inverted-slo"] as const;

/** Scorers with their weights, in the order in which their scores are summed. */
export const scorerList = z.array(z.strictObject({
  name: z.enum(namesOf(scorers)),
  weight: z.number().positive(),
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
    policy: orEmpty(namesOf(admissionPolicies)),
    token_bucket_capacity: z.number().nonnegative().optional(),
    token_bucket_refill_rate: z.number().nonnegative().optional(),
    tier_shed_threshold: z.int().nonnegative().optional(),
    tier_shed_min_priority: z.int().optional(),
    gaie_qd_threshold: z.number().positive().optional(),
    gaie_kv_threshold: z.number().gt(0).lte(1).optional(),
    slo_priorities: z.record(z.string(), z.int().min(-100).max(100)).optional(),
  }).prefault({}),
  routing: z.strictObject({
    policy: orEmpty(namesOf(routingPolicies)),
    scorers: scorerList.default([]),
  }).prefault({}),
  priority: z.strictObject({ policy: orEmpty(PRIORITY_POLICIES) }).prefault({}),
  scheduler: orEmpty(namesOf(schedulers)),
  preemption: z.strictObject({
    policy: orEmpty(namesOf(preemptionPolicies)),
  }).prefault({}),
  tenant_budgets: z.record(z.string(), z.number().min(0).max(1)).default({}),
});

/** See {@link policyBundle}. */
export type PolicyBundle = z.infer<typeof policyBundle>;

/** One of `names`, or undefined if the file has an empty text there. */
function orEmpty<const T extends string>(names: readonly T[]) {
  return z.preprocess((name) => name === "" ? undefined : name, z.enum(names).optional());
}
