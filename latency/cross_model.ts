import { z } from "zod";
import type { LatencyModel } from "../sim/latency_model.ts";
import { numKvHeads } from "./architecture.ts";
import { alphaCoefficients, coefficient, promptOverheads } from "./overheads.ts";
import { requireModel } from "./requirements.ts";
import { prefillTokens, wholeStepUs } from "./step_time.ts";
import type { LatencyTarget } from "./target.ts";

const config = z.strictObject({
  mode: z.literal("crossmodel"),
  alpha: alphaCoefficients,
  beta: z.tuple([coefficient, coefficient, coefficient, coefficient], coefficient)
    .describe("µs per layer, per 10^6 KV values of a decode, per token of a MoE step, for tp > 1"),
});

/**
 * A step costs what its layers, the KV of its decodes, its MoE dispatch and its tp barrier cost;
 * one set of coefficients for all models. Source: inference-sim, crossmodel latency model.
 */
export const crossModel = {
  summary: "four architecture figures, one fit for all models",
  config,
  create({ alpha, beta }: z.infer<typeof config>, { model, tp }: LatencyTarget): LatencyModel {
    requireModel(model, ["numLayers", "numHeads", "hiddenSize"], 'use latency model "crossmodel"');
    const { numLayers } = model;
    const headDim = model.hiddenSize / model.numHeads;
    const kvMegaValues = (numLayers * numKvHeads(model) * headDim / tp) * 1e-6;
    const layersUs = beta[0] * numLayers;
    const perDecodeUs = beta[1];
    const perTokenUs = beta[2];
    const moe = model.numExperts > 0 ? 1 : 0;
    const barrierUs = beta[3] * (tp > 1 ? 1 : 0);
    return {
      ...promptOverheads(alpha),
      stepUs(step) {
        const { numDecode } = step;
        const tokens = prefillTokens(step) + numDecode;
        const kvUs = perDecodeUs * numDecode * kvMegaValues;
        return wholeStepUs(layersUs + kvUs + perTokenUs * tokens * moe + barrierUs);
      },
    };
  },
};
