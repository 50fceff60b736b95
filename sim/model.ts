import { z } from "zod";

/**
 * The architecture of a model, as its config.json states it; 0 means "not stated".
 * Which figures are needed depends on the use: each latency model checks its own.
 */
export const modelConfig = z.strictObject({
  numLayers: z.int().describe("transformer layers"),
  hiddenSize: z.int().describe("width of the residual stream"),
  numHeads: z.int().describe("attention heads"),
  numKvHeads: z.int().describe("key-value heads; 0 = as many as attention heads"),
  headDim: z.int().describe("width of a head where it is not hiddenSize / numHeads; sizes KV only"),
  vocabSize: z.int().describe("tokens of the vocabulary"),
  tieWordEmbeddings: z.boolean().describe("input and output embedding share their weights"),
  intermediateSize: z.int().describe("width of the MLP"),
  hiddenAct: z.string().describe("activation of the MLP; empty = not stated"),
  bytesPerParam: z.number().nonnegative().describe("bytes of a KV entry and of an activation"),
  weightBytesPerParam: z.number().nonnegative().describe("bytes of a weight; 0 = bytesPerParam"),
  numExperts: z.int().describe("routed experts of a MoE layer; below 2 the model is dense"),
  numExpertsPerTok: z.int().describe("routed experts that a token visits"),
  moeIntermediateSize: z.int().describe("width of one routed expert; 0 = intermediateSize"),
  sharedExpertIntermediateSize: z.int().describe("width of all shared experts together"),
  interleaveMoeLayerStep: z.int().describe("n: every (n+1)-th layer is MoE; 0 = all layers"),
  intermediateSizeMlp: z.int().describe("width of a dense layer's MLP between MoE layers"),
  firstKDenseReplace: z.int().describe("leading dense layers of a MoE model; sizes weights only"),
  kvLoraRank: z.int().describe("width of the compressed KV of MLA; 0 = no MLA; sizes KV only"),
  qkRopeHeadDim: z.int().describe("width of the rotary key of MLA; sizes KV only"),
});

/** See {@link modelConfig}. */
export type ModelConfig = Readonly<z.infer<typeof modelConfig>>;
