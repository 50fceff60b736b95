import type { RouterView } from "../router_view.ts";
import type { RoutingPolicy } from "./routing.ts";

/** Sends requests to the instances in turn; rejected ones take no turn. */
export const roundRobin = {
  summary: "in turn",
  create(): RoutingPolicy {
    let turn = 0;
    return { route: (_request, { size }: RouterView) => turn++ % size };
  },
};
