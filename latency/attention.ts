import type { StepShape } from "../sim/latency_model.ts";
import { numKvHeads } from "./architecture.ts";
import type { LatencyTarget } from "./target.ts";

/** Bytes of one KV value; the trained models were fitted with 16-bit KV throughout. */
const KV_BYTES = 2;

/**
 * FLOPs and KV bytes of the attention layers on one GPU, as the trained models count them.
 * Widths are whole numbers, products run from left to right: the fits depend on the rounding.
 */
export class Attention {
  readonly #numLayers: number;
  readonly #hiddenSize: number;
  /** Columns of the four projections of one layer. */
  readonly projectionWidth: number;
  readonly #headDim: number;
  readonly #headsPerGpu: number;
  readonly #kvWidthPerGpu: number;
  readonly #numGpus: number;
  readonly #dp: number;

  constructor({ model, tp, dp }: LatencyTarget) {
    const { hiddenSize, numHeads } = model;
    const headDim = Math.trunc(hiddenSize / numHeads);
    const kvWidth = numKvHeads(model) * headDim;
    this.#numLayers = model.numLayers;
    this.#hiddenSize = hiddenSize;
    this.projectionWidth = 2 * hiddenSize + 2 * kvWidth;
    this.#headDim = headDim;
    this.#headsPerGpu = numHeads / tp;
    this.#numGpus = tp * dp;
    this.#kvWidthPerGpu = kvWidth / this.#numGpus;
    this.#dp = dp;
  }

  /** FLOPs of the prefill chunks, `tokens` in total. */
  prefillFlops(step: StepShape, tokens: number): number {
    const { numPrefill, prefillNew, prefillPrompt } = step;
    let scores = 0;
    for (let i = 0; i < numPrefill; i++) {
      const chunk = prefillNew[i]!;
      scores += 4 * this.#headsPerGpu * chunk * (prefillPrompt[i]! + chunk / 2) * this.#headDim;
    }
    return this.#projectionFlops(tokens) + this.#numLayers * scores / this.#dp;
  }

  /** FLOPs of the decodes. */
  decodeFlops({ numDecode, decodeContextTokens }: StepShape): number {
    const scores = this.#numLayers * 4 * this.#headsPerGpu * decodeContextTokens * this.#headDim;
    return this.#projectionFlops(numDecode) + scores / this.#dp;
  }

  /** Bytes of KV that `tokens` of prefill write. */
  prefillKvBytes(tokens: number): number {
    return this.#numLayers * 2 * this.#kvWidthPerGpu * tokens * KV_BYTES;
  }

  /** Bytes of KV that the decodes read and write. */
  decodeKvBytes({ numDecode, decodeContextTokens }: StepShape): number {
    return this.#numLayers * 2 * this.#kvWidthPerGpu * KV_BYTES * (decodeContextTokens + numDecode);
  }

  #projectionFlops(tokens: number): number {
    return this.#numLayers * 2 * tokens * this.#hiddenSize * this.projectionWidth / this.#numGpus;
  }
}
