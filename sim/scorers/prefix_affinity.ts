import { PrefixIndex } from "../prefix_index.ts";
import type { ScorerDef } from "./scorer.ts";

/** Blocks that the router remembers per instance. */
const CAPACITY_BLOCKS = 10_000;

/** Rates an instance by the share of the prompt's blocks that the router has sent there before. */
export const prefixAffinity: ScorerDef = {
  summary: "prefer where the router sent the same prefix before",
  create({ numInstances, blockSize }) {
    const indexes: (PrefixIndex | undefined)[] = new Array(numInstances).fill(undefined);
    return {
      reads: [],
      score(request, { size }, out) {
        const numBlocks = Math.floor(request.promptTokens / blockSize);
        for (let i = 0; i < size; i++) {
          const matched = indexes[i]?.match(request, blockSize) ?? 0;
          out[i] = numBlocks === 0 ? 0 : matched / numBlocks;
        }
      },
      onRouted(request, instance) {
        (indexes[instance] ??= new PrefixIndex(CAPACITY_BLOCKS)).record(request, blockSize);
      },
    };
  },
};
