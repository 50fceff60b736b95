import type { Request } from "../request.ts";
import type { WaitingOrder } from "../waiting_queue.ts";

/** How a scheduler is declared in the table of its folder. */
export interface SchedulerDef {
  readonly summary: string;
  /** Order of the waiting queue; undefined = order of arrival in the queue, preempted ones first. */
  readonly order: WaitingOrder | undefined;
  /** True if serving a request late counts as a priority inversion. */
  readonly countsInversions: boolean;
}

/** The last keys of every order: arrival, then id in byte order, so that it is total. */
export function byArrival(a: Request, b: Request): number {
  if (a.arrivalUs !== b.arrivalUs) return a.arrivalUs - b.arrivalUs;
  const idA = a.id;
  const idB = b.id;
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}
