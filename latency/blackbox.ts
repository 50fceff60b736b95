import { z } from "zod";
import type { LatencyModel } from "../sim/latency_model.ts";
import { alphaCoefficients, coefficient, promptOverheads } from "./overheads.ts";
import { prefillTokens, wholeStepUs } from "./step_time.ts";

const config = z.strictObject({
  mode: z.literal("blackbox"),
  alpha: alphaCoefficients,
  beta: z.tuple([coefficient, coefficient, coefficient], coefficient)
    .describe("µs per step, per prefill token, per decode"),
});

/**
 * A step costs β0 + β1 · prefill tokens + β2 · decodes, with coefficients fitted to one model on
 * one GPU. Source: inference-sim, blackbox latency model.
 */
export const blackbox = {
  summary: "linear in prefill tokens and decodes, fitted to one model on one GPU",
  config,
  create({ alpha, beta }: z.infer<typeof config>): LatencyModel {
    const [perStep, perPrefillToken, perDecode] = beta;
    return {
      ...promptOverheads(alpha),
      stepUs: (step) =>
        wholeStepUs(
          perStep + perPrefillToken * prefillTokens(step) + perDecode * step.numDecode,
        ),
    };
  },
};
