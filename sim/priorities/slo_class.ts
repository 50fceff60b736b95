import type { PriorityDef } from "./priority.ts";

/** The SLO class of a request decides; it never changes. */
export const sloClass: PriorityDef = {
  summary: "by SLO class: critical, standard, batch, sheddable, background",
  create: (ranks) => ({ priorityOf: (request) => ranks.rank(request.labels.sloClass) }),
};
