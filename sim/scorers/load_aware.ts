import type { ScorerDef } from "./scorer.ts";

/** Queue length at which an instance scores 0. */
const FULL_QUEUE = 128;

/** Rates an empty queue 0.5, falling to 0 at 128 waiting requests. Source: llm-d, load-aware scorer. */
export const loadAware: ScorerDef = {
  summary: "prefer short queues, on a fixed scale",
  create: () => ({
    reads: ["snapshot"],
    score(_request, view, out) {
      for (let i = 0; i < view.size; i++) {
        const queue = Math.min(view.queueDepth[i]!, FULL_QUEUE);
        out[i] = queue === 0 ? 0.5 : 0.5 * (1 - queue / FULL_QUEUE);
      }
    },
  }),
};
