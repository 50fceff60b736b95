import { toFixedEven } from "../internal/number_format.ts";
import { pickTied, type RoutingDef } from "./routing.ts";

/** Sends a request to the instance with the highest weighted sum of scores; ties are broken at random. */
export const weighted: RoutingDef = {
  summary: "to the instance with the highest weighted sum of scores",
  create({ numInstances, random, scorers }) {
    let total = 0;
    for (const { weight } of scorers) total += weight;
    const parts = scorers.map(({ scorer, weight }) => ({ scorer, share: weight / total }));
    const scores = new Float64Array(numInstances);
    const single = new Float64Array(numInstances);
    let best = 0;
    return {
      reads: [...new Set(scorers.flatMap(({ scorer }) => scorer.reads))],
      scores,
      route(request, view) {
        scores.fill(0);
        for (const { scorer, share } of parts) {
          scorer.score(request, view, single);
          for (let i = 0; i < view.size; i++) {
            scores[i]! += Math.min(1, Math.max(0, single[i]!)) * share;
          }
        }
        best = -1;
        for (let i = 0; i < view.size; i++) best = Math.max(best, scores[i]!);
        const chosen = pickTied(scores, best, view.size, random);
        for (const { scorer } of parts) scorer.onRouted?.(request, chosen);
        return chosen;
      },
      reason: () => `weighted-scoring (score=${toFixedEven(best, 3)})`,
    };
  },
};
