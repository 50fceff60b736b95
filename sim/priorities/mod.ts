import { invertedSlo, sloBased } from "./by_age.ts";
import { constant } from "./constant.ts";
import { sloClass } from "./slo_class.ts";
import type { PriorityDef } from "./priority.ts";

/** Priority policies by name. `slo-class` applies unless another is asked for. */
export const priorities = {
  "slo-class": sloClass,
  constant,
  "slo-based": sloBased,
  "inverted-slo": invertedSlo,
} satisfies Record<string, PriorityDef>;

export type PriorityName = keyof typeof priorities;
