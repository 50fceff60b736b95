import { alwaysBusiest } from "./always_busiest.ts";
import { leastLoaded } from "./least_loaded.ts";
import { roundRobin } from "./round_robin.ts";
import type { RoutingDef } from "./routing.ts";
import { weighted } from "./weighted.ts";

/** Routing policies by the name of `--routing-policy`. */
export const routingPolicies = {
  "always-busiest": alwaysBusiest,
  "least-loaded": leastLoaded,
  "round-robin": roundRobin,
  weighted,
} satisfies Record<string, RoutingDef>;

export type RoutingName = keyof typeof routingPolicies;
