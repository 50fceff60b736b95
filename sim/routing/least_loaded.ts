import { pickTied, type RoutingDef } from "./routing.ts";

/** Sends a request to the instance with the least to do; ties are broken at random. */
export const leastLoaded: RoutingDef = {
  summary: "to the instance with the fewest waiting, running and in-flight requests",
  create({ numInstances, random }) {
    const loads = new Float64Array(numInstances);
    let least = 0;
    return {
      reads: ["snapshot", "in-flight"],
      route(_request, view) {
        least = Infinity;
        for (let i = 0; i < view.size; i++) {
          const load = view.load(i);
          loads[i] = load;
          if (load < least) least = load;
        }
        return pickTied(loads, least, view.size, random);
      },
      reason: () => `least-loaded (load=${least})`,
    };
  },
};
