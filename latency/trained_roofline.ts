import { z } from "zod";
import type { LatencyModel, StepShape } from "../sim/latency_model.ts";
import { Attention } from "./attention.ts";
import { alphaCoefficients, coefficient, fixedOverheads } from "./overheads.ts";
import { requireEvenHeads, requireHardware, requireModel } from "./requirements.ts";
import { prefillTokens, wholeStepUs } from "./step_time.ts";
import type { LatencyTarget } from "./target.ts";

/** Bytes of one weight, whatever the model says: what the coefficients were fitted with. */
const WEIGHT_BYTES = 2;

const config = z.strictObject({
  mode: z.literal("trained-roofline"),
  alpha: alphaCoefficients,
  beta: z.tuple(
    [coefficient, coefficient, coefficient, coefficient, coefficient, coefficient, coefficient],
    coefficient,
  ).describe(
    "factors of prefill, decode and weights; one unused; µs per layer, per request, per step",
  ),
});

type Config = z.infer<typeof config>;

/**
 * A roofline per phase, each with a fitted factor, plus fitted overheads per layer, request and
 * step. Source: inference-sim, trained-roofline latency model.
 */
export const trainedRoofline = {
  summary: "roofline with fitted corrections, one fit for all models",
  config,
  create({ alpha, beta }: Config, target: LatencyTarget): LatencyModel {
    const use = 'use latency model "trained-roofline"';
    requireModel(
      target.model,
      ["numLayers", "numHeads", "hiddenSize", "intermediateSize"],
      use,
    );
    requireEvenHeads(target.model, target.tp);
    requireHardware(target.hardware, ["tflopsPeak", "bwPeakTBs"], use);
    return { ...fixedOverheads(alpha), stepUs: stepPrice(beta, target) };
  },
};

function stepPrice(beta: Config["beta"], target: LatencyTarget): (step: StepShape) => number {
  const { model, hardware, tp } = target;
  const { numLayers, hiddenSize, intermediateSize, numExperts } = model;
  const attention = new Attention({ ...target, dp: 1 });
  const flopsPerUs = hardware.tflopsPeak * 1e6;
  const bytesPerUs = hardware.bwPeakTBs * 1e6;
  const expertsPerTok = Math.max(1, model.numExpertsPerTok);
  const attentionWeights = numLayers * hiddenSize * attention.projectionWidth * WEIGHT_BYTES / tp;
  const layersUs = beta[4] * numLayers;

  const mlpFlops = (tokens: number) =>
    numLayers * tokens * expertsPerTok * 6 * hiddenSize * intermediateSize / tp;

  function weightBytes(tokens: number): number {
    const experts = numExperts > 0
      ? Math.min(numExperts, Math.max(expertsPerTok, tokens * expertsPerTok))
      : 1;
    const mlp = numLayers * experts * 3 * hiddenSize * intermediateSize * WEIGHT_BYTES / tp;
    return attentionWeights + mlp;
  }

  return (step) => {
    const { numRequests, numDecode } = step;
    if (numRequests === 0) return 1;
    const tokens = prefillTokens(step);
    let prefillUs = 0;
    let decodeUs = 0;
    if (tokens > 0) {
      const flops = attention.prefillFlops(step, tokens) + mlpFlops(tokens);
      prefillUs = Math.max(flops / flopsPerUs, attention.prefillKvBytes(tokens) / bytesPerUs);
    }
    if (numDecode > 0) {
      const flops = attention.decodeFlops(step) + mlpFlops(numDecode);
      decodeUs = Math.max(flops / flopsPerUs, attention.decodeKvBytes(step) / bytesPerUs);
    }
    const weightsUs = weightBytes(tokens + numDecode) / bytesPerUs;
    return wholeStepUs(
      beta[0] * prefillUs + beta[1] * decodeUs + beta[2] * weightsUs + layersUs +
        beta[5] * numRequests + beta[6],
    );
  };
}
