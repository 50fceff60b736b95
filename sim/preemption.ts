import type { Request } from "./request.ts";

/** Chooses who loses its KV blocks when they run out. */
export interface PreemptionPolicy {
  /** Index of the victim in a non-empty running list. */
  victim(running: readonly Request[]): number;
}

/** Policies by the name of `--preemption-policy`. */
export const preemptionPolicies = {
  fcfs: {
    summary: "preempt the request that was admitted last",
    policy: { victim: (running) => running.length - 1 },
  },
  priority: {
    summary: "preempt the least urgent request, of equals the one that arrived last",
    policy: { victim: leastUrgent },
  },
} satisfies Record<string, { summary: string; policy: PreemptionPolicy }>;

export type PreemptionName = keyof typeof preemptionPolicies;

function leastUrgent(running: readonly Request[]): number {
  let victim = 0;
  for (let i = 1; i < running.length; i++) {
    const a = running[victim]!;
    const b = running[i]!;
    const isAsUrgent = b.priority === a.priority;
    if (b.priority > a.priority || (isAsUrgent && b.arrivalUs >= a.arrivalUs)) victim = i;
  }
  return victim;
}
