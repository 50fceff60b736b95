import type { Request } from "../request.ts";
import type { RouterView, Signal } from "../router_view.ts";
import type { SloRanks } from "../slo.ts";

/** Outcome of an admission decision; the reason shows in decision traces. */
export interface Admission {
  readonly admitted: boolean;
  readonly reason: string;
}

/** Decides at the gate which requests may enter the cluster. */
export interface AdmissionPolicy {
  /** What it reads of the view, so that nothing else is kept current. */
  readonly reads: readonly Signal[];
  admit(request: Request, view: RouterView): Admission;
}

/** Parameters of all admission policies; each takes its own. */
export interface AdmissionSettings {
  /** Tokens that the bucket holds. */
  readonly tokenBucketCapacity: number;
  /** Tokens per second. */
  readonly tokenBucketRefillRate: number;
  /** Load of the busiest instance up to which every class is let in. */
  readonly tierShedThreshold: number;
  /** Urgency of a class that is let in beyond it. */
  readonly tierShedMinPriority: number;
  /** Queue depth at which an instance counts as saturated. */
  readonly gaieQueueDepthThreshold: number;
  /** KV use at which it does. */
  readonly gaieKvUtilizationThreshold: number;
}

/** How an admission policy is declared in the table of its folder. */
export interface AdmissionDef {
  readonly summary: string;
  create(settings: AdmissionSettings, ranks: SloRanks): AdmissionPolicy;
}

export const ADMITTED: Admission = { admitted: true, reason: "" };

/** A rejection and its reason. */
export function rejected(reason: string): Admission {
  return { admitted: false, reason };
}
