import type { SchedulerDef } from "./scheduler.ts";

/** First come, first served; preempted requests go back to the head. vLLM's default. */
export const fcfs: SchedulerDef = {
  summary: "first come, first served",
  order: undefined,
  countsInversions: false,
};
