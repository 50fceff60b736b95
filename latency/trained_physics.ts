import { z } from "zod";
import type { LatencyModel, StepShape } from "../sim/latency_model.ts";
import { isMoe, mlpWidths, peakTflops, splitLayers, weightBytesPerParam } from "./architecture.ts";
import { Attention } from "./attention.ts";
import { alphaCoefficients, coefficient, fixedOverheads } from "./overheads.ts";
import { requireEvenHeads, requireHardware, requireModel, requireRouting } from "./requirements.ts";
import { prefillTokens, wholeStepUs } from "./step_time.ts";
import type { LatencyTarget } from "./target.ts";

/** How the experts of a MoE model exchange tokens, by vLLM's name; true = all-to-all. */
const MOE_COMM_BACKENDS = {
  naive: false,
  allgather_reducescatter: false,
  pplx: true,
  deepep_high_throughput: true,
  deepep_low_latency: true,
  mori: true,
  flashinfer_all2allv: true,
} as const;
type MoeCommBackend = keyof typeof MOE_COMM_BACKENDS;

const config = z.strictObject({
  mode: z.literal("trained-physics"),
  alpha: alphaCoefficients,
  beta: z.tuple(
    [coefficient, coefficient, coefficient, coefficient, coefficient, coefficient, coefficient],
    coefficient,
  ).describe(
    "factors of prefill compute, decode compute, weights and tp communication; µs per layer, per " +
      "request, per step, per interleaved MoE layer; factors of prefill KV, decode KV (0 if left " +
      "out) and MoE dispatch (the tp factor if left out)",
  ),
  moeCommBackend: z.enum(Object.keys(MOE_COMM_BACKENDS) as MoeCommBackend[])
    .default("allgather_reducescatter")
    .describe("how experts exchange tokens; matters for dp > 1")
    .meta({ flag: "moe-comm-backend" }),
});

type Config = z.infer<typeof config>;

/**
 * Compute, KV, weights and communication of a step, each with a fitted factor, plus fitted
 * overheads per layer, request and step. Source: inference-sim, trained-physics latency model.
 */
export const trainedPhysics = {
  summary: "compute, memory and communication with fitted corrections, one fit for all models",
  config,
  create(config: Config, target: LatencyTarget): LatencyModel {
    const use = 'use latency model "trained-physics"';
    requireModel(
      target.model,
      ["numLayers", "numHeads", "hiddenSize", "intermediateSize", "bytesPerParam"],
      use,
    );
    requireEvenHeads(target.model, target.tp);
    requireHardware(target.hardware, ["tflopsPeak", "bwPeakTBs"], use);
    requireRouting(target.model, use);
    const physics = new TrainedPhysics(config, target);
    return { ...fixedOverheads(config.alpha), stepUs: (step) => physics.stepUs(step) };
  },
};

/** The price of a step; products run from left to right, the fit depends on the rounding. */
class TrainedPhysics {
  readonly #beta: Config["beta"];
  readonly #target: LatencyTarget;
  readonly #allToAll: boolean;
  readonly #attention: Attention;
  readonly #flopsPerUs: number;
  readonly #bytesPerUs: number;
  readonly #layers: { readonly moe: number; readonly dense: number };
  readonly #widths: { readonly expert: number; readonly dense: number };
  readonly #expertsPerTok: number;
  /** GPUs among which the experts of a MoE layer are spread. */
  readonly #moeGroup: number;
  readonly #prefillKvFactor: number;
  readonly #decodeKvFactor: number;
  readonly #dispatchFactor: number;
  readonly #weightsUs: number;
  readonly #layersUs: number;
  readonly #interleavedUs: number;

  constructor({ beta, moeCommBackend }: Config, target: LatencyTarget) {
    const { model, hardware, tp, dp } = target;
    const moe = isMoe(model);
    this.#beta = beta;
    this.#target = target;
    this.#allToAll = MOE_COMM_BACKENDS[moeCommBackend];
    this.#attention = new Attention(target);
    this.#flopsPerUs = peakTflops(model, hardware) * 1e6;
    this.#bytesPerUs = hardware.bwPeakTBs * 1e6;
    this.#layers = splitLayers(model);
    this.#widths = mlpWidths(model, model.intermediateSize);
    this.#expertsPerTok = Math.max(1, model.numExpertsPerTok);
    this.#moeGroup = moe ? tp * dp : tp;
    this.#prefillKvFactor = beta[8] ?? 0;
    this.#decodeKvFactor = beta[9] ?? 0;
    this.#dispatchFactor = beta[10] ?? beta[3];
    this.#weightsUs = beta[2] * (this.#weightBytes() / this.#bytesPerUs);
    this.#layersUs = beta[4] * model.numLayers;
    const interleaved = moe && model.interleaveMoeLayerStep > 0;
    this.#interleavedUs = interleaved ? (beta[7] ?? 0) * this.#layers.moe : 0;
  }

  stepUs(step: StepShape): number {
    const { numRequests, numDecode } = step;
    if (numRequests === 0) return 1;
    const prefilled = prefillTokens(step);
    const tokens = prefilled + numDecode;
    const beta = this.#beta;
    return wholeStepUs(
      this.#prefillUs(step, prefilled) + this.#decodeUs(step) + this.#weightsUs +
        beta[3] * this.#reduceUs(tokens) + this.#dispatchFactor * this.#dispatchUs(tokens) +
        this.#layersUs + beta[5] * numRequests + beta[6] + this.#interleavedUs,
    );
  }

  /** With nine coefficients compute and KV add up, each with its factor; else the longer counts. */
  #prefillUs(step: StepShape, tokens: number): number {
    if (tokens === 0) return 0;
    const flops = this.#attention.prefillFlops(step, tokens) + this.#mlpFlops(tokens);
    const computeUs = flops / this.#flopsPerUs;
    const kvUs = this.#attention.prefillKvBytes(tokens) / this.#bytesPerUs;
    const beta = this.#beta;
    return beta.length >= 9
      ? beta[0] * computeUs + this.#prefillKvFactor * kvUs
      : beta[0] * Math.max(computeUs, kvUs);
  }

  /** With ten coefficients compute and KV add up, each with its factor; else the longer counts. */
  #decodeUs(step: StepShape): number {
    const { numDecode } = step;
    if (numDecode === 0) return 0;
    const flops = this.#attention.decodeFlops(step) + this.#mlpFlops(numDecode);
    const computeUs = flops / this.#flopsPerUs;
    const kvUs = this.#attention.decodeKvBytes(step) / this.#bytesPerUs;
    const beta = this.#beta;
    return beta.length >= 10
      ? beta[1] * computeUs + this.#decodeKvFactor * kvUs
      : beta[1] * Math.max(computeUs, kvUs);
  }

  #mlpFlops(tokens: number): number {
    const { model, tp, dp } = this.#target;
    const { hiddenSize, sharedExpertIntermediateSize } = model;
    const { moe, dense } = this.#layers;
    let flops = 0;
    if (moe > 0) {
      const routed = tokens * this.#expertsPerTok / this.#moeGroup;
      flops += moe * routed * 6 * hiddenSize * this.#widths.expert;
      flops += moe * tokens * 6 * hiddenSize * sharedExpertIntermediateSize / (tp * dp);
    }
    if (dense > 0) flops += dense * tokens * 6 * hiddenSize * this.#widths.dense / (tp * dp);
    return flops;
  }

  /** Weights that one GPU reads in a step: its share of the experts counts whole. */
  #weightBytes(): number {
    const { model, tp } = this.#target;
    const { numLayers, hiddenSize, sharedExpertIntermediateSize } = model;
    const { moe, dense } = this.#layers;
    const width = weightBytesPerParam(model);
    const attention = numLayers * hiddenSize * this.#attention.projectionWidth * width / tp;
    let mlp = 0;
    if (moe > 0) {
      const experts = model.numExperts / this.#moeGroup;
      mlp += moe * experts * 3 * hiddenSize * this.#widths.expert * width;
      mlp += moe * 3 * hiddenSize * sharedExpertIntermediateSize * width / tp;
    }
    if (dense > 0) mlp += dense * 3 * hiddenSize * this.#widths.dense * width / tp;
    return attention + mlp;
  }

  /** All-reduces over the tp group: after attention, after a dense MLP, and after experts at dp 1. */
  #reduceUs(tokens: number): number {
    const { model, tp, dp } = this.#target;
    if (tp <= 1) return 0;
    const { moe, dense } = this.#layers;
    const after = this.#allReduceUs(model.numLayers, tokens) / dp +
      this.#allReduceUs(dense, tokens) / dp;
    return moe > 0 && dp === 1 ? after + this.#allReduceUs(moe, tokens) : after;
  }

  #allReduceUs(numLayers: number, tokens: number): number {
    const { model, tp } = this.#target;
    const bytes = numLayers * tokens * model.hiddenSize * model.bytesPerParam * 2;
    return bytes * ((tp - 1) / tp) / this.#bytesPerUs;
  }

  /** Dispatch to the experts of all replicas and back. */
  #dispatchUs(tokens: number): number {
    const { model, dp } = this.#target;
    const group = this.#moeGroup;
    const { moe } = this.#layers;
    if (dp === 1 || moe === 0) return 0;
    const { hiddenSize, bytesPerParam } = model;
    const local = tokens / dp;
    const values = this.#allToAll
      ? local * this.#expertsPerTok * (group - 1) / group * 2 * hiddenSize
      : local * (group - 1) / group * 2 * hiddenSize;
    return values * bytesPerParam / this.#bytesPerUs * moe;
  }
}
