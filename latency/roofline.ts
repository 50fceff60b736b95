import { z } from "zod";
import type { LatencyModel, StepShape } from "../sim/latency_model.ts";
import { ConfigError } from "../sim/internal/errors.ts";
import type { ModelConfig } from "../sim/model.ts";
import { peakTflops } from "./architecture.ts";
import { ModelCost } from "./model_cost.ts";
import { requireHardware, requireModel, requireRouting } from "./requirements.ts";
import { wholeStepUs } from "./step_time.ts";
import type { LatencyTarget } from "./target.ts";

const config = z.strictObject({ mode: z.literal("roofline") });

const USE = 'use latency model "roofline"';

/**
 * The longer of compute time and memory time of a step; no coefficients, no overheads.
 * Source: inference-sim, roofline latency model.
 */
export const roofline = {
  summary: "the longer of compute and memory time, from the architecture and the GPU alone",
  config,
  create(_config: z.infer<typeof config>, target: LatencyTarget): LatencyModel {
    requireModel(target.model, ["numHeads", "numLayers", "hiddenSize", "bytesPerParam"], USE);
    requireHardware(target.hardware, ["tflopsPeak", "bwPeakTBs", "mfuPrefill", "mfuDecode"], USE);
    requireConsistentExperts(target.model);
    return new Roofline(target);
  },
};

function requireConsistentExperts(model: ModelConfig): void {
  requireRouting(model, USE);
  const { numExperts, numExpertsPerTok, moeIntermediateSize, sharedExpertIntermediateSize } = model;
  if (numExpertsPerTok > numExperts && numExperts !== 1) {
    throw new ConfigError(
      `Cannot ${USE}: config.json has "num_experts_per_tok" ${numExpertsPerTok} ` +
        `but ${numExperts} experts`,
      { hint: 'correct "num_experts" or "num_experts_per_tok" in the config.json of the model' },
    );
  }
  if (moeIntermediateSize < 0 || sharedExpertIntermediateSize < 0) {
    throw new ConfigError(`Cannot ${USE}: config.json has experts of negative width`, {
      hint: 'correct "moe_intermediate_size" and "shared_expert_intermediate_size"',
    });
  }
}

/** Prices steps. Prefill chunks are summed one by one, decodes by their number and contexts. */
class Roofline implements LatencyModel {
  readonly outputTokenUs = 0;
  readonly postDecodeUs = 0;
  readonly #cost: ModelCost;
  readonly #tp: number;
  readonly #prefillFlopsPerS: number;
  readonly #decodeFlopsPerS: number;
  readonly #bytesPerS: number;
  /** A decode without context; what each token of context adds. */
  readonly #decodeFlops: number;
  readonly #contextFlops: number;
  readonly #decodeBytes: number;
  readonly #contextBytes: number;
  #contexts = new Float64Array(0);

  constructor({ model, hardware, tp }: LatencyTarget) {
    const flopsPerS = peakTflops(model, hardware) * 1e12;
    const cost = new ModelCost(model);
    this.#cost = cost;
    this.#tp = tp;
    this.#prefillFlopsPerS = flopsPerS * hardware.mfuPrefill;
    this.#decodeFlopsPerS = flopsPerS * hardware.mfuDecode;
    this.#bytesPerS = hardware.bwPeakTBs * 1e12;
    this.#decodeFlops = cost.flops(0, 1);
    this.#contextFlops = cost.flopsPerContextToken;
    this.#decodeBytes = cost.kvBytesPerToken + cost.activationBytesPerToken;
    this.#contextBytes = cost.kvBytesPerToken;
  }

  queueingUs(): number {
    return 0;
  }

  stepUs(step: StepShape): number {
    const { numPrefill, prefillPast, prefillNew, numDecode } = step;
    if (numPrefill + numDecode === 0) return 1;
    let computeS = 0;
    let bytes = 0;
    let tokens = numDecode;
    for (let i = 0; i < numPrefill; i++) {
      const past = prefillPast[i]!;
      const chunk = prefillNew[i]!;
      computeS += this.#cost.flops(past, chunk) / this.#tp / this.#prefillFlopsPerS;
      bytes += this.#cost.dynamicBytes(past, chunk) / this.#tp;
      tokens += chunk;
    }
    const weights = this.#cost.weightBytes(tokens) / this.#tp;
    if (numDecode === 0) return wholeStepUs(this.#us(computeS, weights + bytes));
    const us = this.#closedFormUs(step, computeS, weights + bytes);
    if (!isNearInteger(us, numDecode)) return wholeStepUs(us);
    return wholeStepUs(this.#orderedUs(step, computeS, bytes, weights));
  }

  /** The step's time by the number of decodes and the sum of their contexts. */
  #closedFormUs({ numDecode, decodeContextTokens }: StepShape, computeS: number, bytes: number) {
    const flops = numDecode * this.#decodeFlops + decodeContextTokens * this.#contextFlops;
    const moved = numDecode * this.#decodeBytes + decodeContextTokens * this.#contextBytes;
    return this.#us(
      computeS + flops / this.#tp / this.#decodeFlopsPerS,
      bytes + moved / this.#tp,
    );
  }

  /** The step's time by its decodes one by one, in running order. */
  #orderedUs(step: StepShape, computeS: number, bytes: number, weights: number): number {
    const { numDecode } = step;
    if (this.#contexts.length < numDecode) this.#contexts = new Float64Array(2 * numDecode);
    const contexts = this.#contexts;
    step.decodeContexts(contexts);
    for (let i = 0; i < numDecode; i++) {
      const context = contexts[i]!;
      computeS += this.#cost.flops(context, 1) / this.#tp / this.#decodeFlopsPerS;
      bytes += this.#cost.dynamicBytes(context, 1) / this.#tp;
    }
    return this.#us(computeS, weights + bytes);
  }

  #us(computeS: number, bytes: number): number {
    return Math.max(computeS, bytes / this.#bytesPerS) * 1e6;
  }
}

/**
 * True where rounding could decide between two whole µs: the ordered sum and the closed form differ
 * by a few units in the last place per decode.
 */
function isNearInteger(us: number, numDecode: number): boolean {
  const slack = us * 1e-15 * (1e4 + numDecode) + 1e-9;
  return Math.abs(us - Math.round(us)) <= slack;
}
