import type { ModelConfig } from "../sim/model.ts";
import { mlpWidths, numKvHeads, splitLayers, weightBytesPerParam } from "./architecture.ts";

/**
 * FLOPs and bytes of one model, before they are spread over GPUs. An MLP counts two matrices,
 * shared experts none. Products and sums run from left to right: the rounding is part of the result.
 * Source: inference-sim, roofline latency model.
 */
export class ModelCost {
  /** Bytes of KV of one token. */
  readonly kvBytesPerToken: number;
  /** Bytes of activations of one token. */
  readonly activationBytesPerToken: number;
  readonly #hiddenSize: number;
  readonly #numLayers: number;
  readonly #numHeads: number;
  readonly #headDim: number;
  /** Parameters of the query, key and value projections of a layer; then of the output one. */
  readonly #qkvParams: number;
  readonly #outputParams: number;
  readonly #moeLayers: number;
  readonly #denseLayers: number;
  readonly #expertParams: number;
  readonly #mlpParams: number;
  readonly #numExperts: number;
  readonly #expertsPerTok: number;
  readonly #attentionWeights: number;
  readonly #bytesPerWeight: number;

  constructor(model: ModelConfig) {
    const { hiddenSize, numLayers, numHeads, intermediateSize, bytesPerParam } = model;
    const headDim = hiddenSize / numHeads;
    const kvWidth = numKvHeads(model) * headDim;
    const widths = mlpWidths(model, intermediateSize > 0 ? intermediateSize : 4 * hiddenSize);
    const { moe, dense } = splitLayers(model);
    this.kvBytesPerToken = 2 * numLayers * numKvHeads(model) * headDim * bytesPerParam;
    this.activationBytesPerToken = numLayers * hiddenSize * bytesPerParam;
    this.#hiddenSize = hiddenSize;
    this.#numLayers = numLayers;
    this.#numHeads = numHeads;
    this.#headDim = headDim;
    this.#qkvParams = hiddenSize * hiddenSize + 2 * hiddenSize * kvWidth;
    this.#outputParams = hiddenSize * hiddenSize;
    this.#moeLayers = moe;
    this.#denseLayers = dense;
    this.#expertParams = 2 * hiddenSize * widths.expert;
    this.#mlpParams = 2 * hiddenSize * widths.dense;
    this.#numExperts = model.numExperts;
    this.#expertsPerTok = model.numExpertsPerTok;
    const attention = hiddenSize * (hiddenSize + 2 * kvWidth) + this.#outputParams;
    this.#attentionWeights = attention * numLayers;
    this.#bytesPerWeight = weightBytesPerParam(model);
  }

  /** FLOPs of `tokens` new tokens, at least 1, of a request that has `past` ones. */
  flops(past: number, tokens: number): number {
    const meanContext = past + (tokens - 1) / 2;
    const qkv = 2 * tokens * this.#qkvParams;
    const output = 2 * tokens * this.#hiddenSize * this.#hiddenSize;
    const scores = 4 * this.#numHeads * tokens * meanContext * this.#headDim;
    const softmax = 5 * this.#numHeads * tokens * meanContext + 2 * tokens * this.#hiddenSize;
    let matrices = (qkv + output) * this.#numLayers + scores * this.#numLayers;
    if (this.#moeLayers > 0) {
      matrices += 2 * tokens * this.#expertParams * this.#expertsPerTok * this.#moeLayers;
    }
    if (this.#denseLayers > 0) matrices += 2 * tokens * this.#mlpParams * this.#denseLayers;
    return matrices + softmax * this.#numLayers;
  }

  /** FLOPs that each token of context adds to a decode. */
  get flopsPerContextToken(): number {
    return (4 * this.#headDim + 5) * this.#numHeads * this.#numLayers;
  }

  /** Bytes of the weights that a step of `tokens` tokens reads; few tokens meet few experts. */
  weightBytes(tokens: number): number {
    let mlp = 0;
    if (this.#moeLayers > 0) {
      const missed = (this.#numExperts - this.#expertsPerTok) / this.#numExperts;
      const experts = this.#numExperts * (1 - wholePower(missed, tokens));
      mlp = this.#expertParams * experts * this.#moeLayers;
    }
    return (this.#attentionWeights + (mlp + this.#mlpParams * this.#denseLayers)) *
      this.#bytesPerWeight;
  }

  /** Bytes of KV and activations of `tokens` new tokens of a request that has `past` ones. */
  dynamicBytes(past: number, tokens: number): number {
    // The weights enter and leave the sum: what they round away is missing from the result.
    const weights = this.weightBytes(tokens);
    const withKv = weights + this.kvBytesPerToken * tokens + this.kvBytesPerToken * past;
    return withKv + this.activationBytesPerToken * tokens - weights;
  }
}

/** base^exponent for a whole exponent >= 0, by squaring: the same bits on every engine. */
function wholePower(base: number, exponent: number): number {
  let power = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}
