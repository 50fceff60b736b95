import type { ScorerDef } from "./scorer.ts";

/** Rates the instance with the longest cached prefix 1, the shortest 0; all 1 where they are equal. */
export const precisePrefixCache: ScorerDef = {
  summary: "prefer the longest prefix in the instance's own cache",
  create({ numInstances }) {
    const cached = new Float64Array(numInstances);
    return {
      reads: ["cache"],
      score(request, view, out) {
        view.cachedBlocks(request, cached);
        let least = Infinity;
        let most = 0;
        for (let i = 0; i < view.size; i++) {
          least = Math.min(least, cached[i]!);
          most = Math.max(most, cached[i]!);
        }
        for (let i = 0; i < view.size; i++) {
          out[i] = most === least ? 1 : (cached[i]! - least) / (most - least);
        }
      },
    };
  },
};
