import type { RoutingDef } from "./routing.ts";

/** Sends requests to the instances in turn; rejected ones take no turn. */
export const roundRobin: RoutingDef = {
  summary: "in turn",
  create() {
    let turn = -1;
    return {
      reads: [],
      route: (_request, { size }) => ++turn % size,
      reason: () => `round-robin[${turn}]`,
    };
  },
};
