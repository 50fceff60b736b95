import type { PriorityDef } from "./priority.ts";

/** All requests are equally urgent. */
export const constant: PriorityDef = {
  summary: "all alike, whatever their SLO class",
  create: () => ({ priorityOf: () => 0, countsInversions: false }),
};
