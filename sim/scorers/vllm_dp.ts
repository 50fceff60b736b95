import { rateLeastBest, type ScorerDef } from "./scorer.ts";

/** A waiting request weighs as much as four running ones. Source: vLLM, data-parallel load balancer. */
export const vllmDp: ScorerDef = {
  summary: "prefer the least 4 · waiting + running, as vLLM's data-parallel balancer",
  create({ numInstances }) {
    const loads = new Float64Array(numInstances);
    return {
      reads: ["snapshot"],
      score(_request, { size, queueDepth, batchSize }, out) {
        for (let i = 0; i < size; i++) loads[i] = 4 * queueDepth[i]! + batchSize[i]!;
        rateLeastBest(loads, size, out);
      },
    };
  },
};
