import type { ScorerDef } from "./scorer.ts";

/**
 * Spreads prompts that no instance has cached: the instance that got such a prompt longest ago, or
 * never, scores 1. Prompts that are cached somewhere score 0.5 everywhere. Source: llm-d, no-hit-LRU scorer.
 */
export const noHitLru: ScorerDef = {
  summary: "spread prompts that nobody has cached",
  create({ numInstances }) {
    const cached = new Float64Array(numInstances);
    /** When each instance last got a cold prompt; -1 = never. */
    const lastUse = new Float64Array(numInstances).fill(-1);
    let uses = 0;
    let isCold = false;
    return {
      reads: ["cache"],
      score(request, view, out) {
        view.cachedBlocks(request, cached);
        isCold = true;
        for (let i = 0; i < view.size; i++) if (cached[i]! > 0) isCold = false;
        if (!isCold) out.fill(0.5);
        else if (view.size === 1) out[0] = 1;
        else {
          for (let i = 0; i < view.size; i++) {
            out[i] = 1 - rank(lastUse, i, view.size) / (view.size - 1);
          }
        }
      },
      onRouted(_request, instance) {
        if (isCold) lastUse[instance] = uses++;
      },
    };
  },
};

/** Instances that come before `instance`: never used ones by index, then by last use. */
function rank(lastUse: Float64Array, instance: number, size: number): number {
  let before = 0;
  for (let i = 0; i < size; i++) {
    const earlier = lastUse[i]! < lastUse[instance]!;
    if (earlier || (lastUse[i] === lastUse[instance] && i < instance)) before++;
  }
  return before;
}
