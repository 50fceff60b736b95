import type { ScorerDef } from "./scorer.ts";

/** Rates an instance 1 ÷ (1 + load). */
export const loadBalance: ScorerDef = {
  summary: "prefer the fewest waiting, running and in-flight requests",
  create: () => ({
    reads: ["snapshot", "in-flight"],
    score(_request, view, out) {
      for (let i = 0; i < view.size; i++) out[i] = 1 / (1 + view.load(i));
    },
  }),
};
