import type { Request } from "../request.ts";
import type { RouterView } from "../router_view.ts";

/** Chooses the instance that serves an admitted request. */
export interface RoutingPolicy {
  /** Index of the instance, in [0, view.size); the view is never empty. */
  route(request: Request, view: RouterView): number;
}
