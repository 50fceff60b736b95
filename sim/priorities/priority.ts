import type { Request } from "../request.ts";
import type { SloRanks } from "../slo.ts";

/**
 * Urgency of a request: lower goes first. Set once, when it enters the queue; a policy by age needs
 * no more, since of two requests the same stays the older one.
 */
export interface PriorityPolicy {
  priorityOf(request: Request): number;
  /** True if priority inversions are counted whatever the scheduler, false if never; else the scheduler decides. */
  readonly countsInversions?: boolean;
}

/** How a priority policy is declared in the table of its folder. */
export interface PriorityDef {
  readonly summary: string;
  create(ranks: SloRanks): PriorityPolicy;
}
