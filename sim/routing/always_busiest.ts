import type { RoutingDef } from "./routing.ts";

/** Sends a request to the instance with the most to do: a worst case to compare with. */
export const alwaysBusiest: RoutingDef = {
  summary: "to the busiest instance, a worst case to compare with",
  create() {
    let most = 0;
    return {
      reads: ["snapshot", "in-flight"],
      route(_request, view) {
        most = -1;
        let busiest = 0;
        for (let i = 0; i < view.size; i++) {
          const load = view.load(i);
          if (load <= most) continue;
          most = load;
          busiest = i;
        }
        return busiest;
      },
      reason: () => `always-busiest (load=${most})`,
    };
  },
};
