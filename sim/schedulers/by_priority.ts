import { byArrival, type SchedulerDef } from "./scheduler.ts";

/** The most urgent request first, of equals the one that arrived first. */
export const priorityFcfs: SchedulerDef = {
  summary: "most urgent first, then first come",
  order: (a, b) => a.priority - b.priority || byArrival(a, b),
  countsInversions: true,
};

/** The least urgent request first: a worst case to compare with. */
export const reversePriority: SchedulerDef = {
  summary: "least urgent first, a worst case to compare with",
  order: (a, b) => b.priority - a.priority || byArrival(a, b),
  countsInversions: false,
};
