import type { ScorerDef } from "./scorer.ts";

/** Rates an instance without in-flight requests 1, the one with the most 0. Source: llm-d, active-request scorer. */
export const activeRequests: ScorerDef = {
  summary: "prefer the fewest in-flight requests",
  create: () => ({
    reads: ["in-flight"],
    score(_request, { size, inFlight }, out) {
      let most = 0;
      for (let i = 0; i < size; i++) most = Math.max(most, inFlight[i]!);
      for (let i = 0; i < size; i++) {
        out[i] = inFlight[i] === 0 ? 1 : (most - inFlight[i]!) / most;
      }
    },
  }),
};
