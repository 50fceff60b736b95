import { invertedSlo, sloBased } from "./by_age.ts";
import { constant } from "./constant.ts";
import { sloClass } from "./slo_class.ts";
import type { PriorityDef } from "./priority.ts";

/** Priority policies that a user can ask for, by name. */
export const namedPriorities = {
  constant,
  "slo-based": sloBased,
  "inverted-slo": invertedSlo,
} satisfies Record<string, PriorityDef>;

/** All priority policies: `slo-class` applies unless another is asked for. */
export const priorities = { "slo-class": sloClass, ...namedPriorities };

export type PriorityName = keyof typeof priorities;
