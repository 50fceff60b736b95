import type { PriorityDef } from "./priority.ts";

/** The longer a request has waited, the more urgent it is. */
export const sloBased: PriorityDef = {
  summary: "the oldest first",
  create: () => ({ priorityOf: ({ arrivalUs }) => arrivalUs, countsInversions: true }),
};

/** The longer a request has waited, the less urgent it is: a worst case to compare with. */
export const invertedSlo: PriorityDef = {
  summary: "the youngest first, a worst case to compare with",
  create: () => ({ priorityOf: ({ arrivalUs }) => -arrivalUs, countsInversions: true }),
};
