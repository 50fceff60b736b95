import type { Request } from "../request.ts";
import type { RouterView } from "../router_view.ts";

/** Outcome of an admission decision; the reason shows in decision traces. */
export interface Admission {
  readonly admitted: boolean;
  readonly reason: string;
}

/** Decides at the gate which requests may enter the cluster. */
export interface AdmissionPolicy {
  admit(request: Request, view: RouterView): Admission;
}

export const ADMITTED: Admission = { admitted: true, reason: "" };
