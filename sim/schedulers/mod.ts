import { priorityFcfs, reversePriority } from "./by_priority.ts";
import { fcfs } from "./fcfs.ts";
import type { SchedulerDef } from "./scheduler.ts";
import { sjf } from "./sjf.ts";

/** Schedulers of an instance's waiting queue by the name of `--scheduler`. */
export const schedulers = {
  fcfs,
  "priority-fcfs": priorityFcfs,
  sjf,
  "reverse-priority": reversePriority,
} satisfies Record<string, SchedulerDef>;

export type SchedulerName = keyof typeof schedulers;
