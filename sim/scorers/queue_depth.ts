import { rateLeastBest, type ScorerDef } from "./scorer.ts";

/** Rates the shortest waiting queue 1, the longest 0. Source: llm-d inference scheduler, queue scorer. */
export const queueDepth: ScorerDef = {
  summary: "prefer the shortest waiting queue",
  create: () => ({
    reads: ["snapshot"],
    score: (_request, view, out) => rateLeastBest(view.queueDepth, view.size, out),
  }),
};
