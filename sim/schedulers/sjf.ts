import { byArrival, type SchedulerDef } from "./scheduler.ts";

/** Shortest job first, by the whole prompt, its cached part included. */
export const sjf: SchedulerDef = {
  summary: "shortest prompt first",
  order: (a, b) => a.promptTokens - b.promptTokens || byArrival(a, b),
  countsInversions: false,
};
