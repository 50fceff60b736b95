import { rateLeastBest, type ScorerDef } from "./scorer.ts";

/** Rates the smallest running batch 1, the largest 0. */
export const runningRequests: ScorerDef = {
  summary: "prefer the smallest running batch",
  create: () => ({
    reads: ["snapshot"],
    score: (_request, view, out) => rateLeastBest(view.batchSize, view.size, out),
  }),
};
