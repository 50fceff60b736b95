import type { ScorerDef } from "./scorer.ts";

/** Rates an instance by the free share of its KV blocks. Source: llm-d inference scheduler, KV-cache scorer. */
export const kvUtilization: ScorerDef = {
  summary: "prefer free KV blocks",
  create: () => ({
    reads: ["snapshot"],
    score(_request, view, out) {
      for (let i = 0; i < view.size; i++) out[i] = 1 - view.kvUtilization[i]!;
    },
  }),
};
