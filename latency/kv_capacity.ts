import type { HardwareConfig } from "../sim/hardware.ts";
import { ConfigError } from "../sim/internal/errors.ts";
import type { ModelConfig } from "../sim/model.ts";
import { isMoe, numKvHeads, weightBytesPerParam } from "./architecture.ts";
import { MODEL_FILE, requireEven, requireHardware, requireModel } from "./requirements.ts";

const GIB = 2 ** 30;
/** Memory that activations take on a replica, in GiB. */
const DENSE_ACTIVATION_GIB = 5.5;
const MOE_ACTIVATION_GIB = 8;
/** Memory that CUDA, NCCL and the like take on each GPU, in GiB. */
const SINGLE_GPU_OTHER_GIB = 0.15;
const MULTI_GPU_OTHER_GIB = 0.6;

/** MLPs of three matrices, the only ones whose weights are counted; "" = not stated. */
const GATED_ACTIVATIONS: ReadonlySet<string> = new Set(["silu", "swiglu", "geglu", "situ", ""]);

const USE = "compute the KV cache size";

/** A model leaves no room for a KV block on its GPUs. */
export class DoesNotFit extends ConfigError {}

/** The memory that a model and its KV cache share. */
export interface KvBudget {
  readonly hardware: HardwareConfig;
  readonly tp: number;
  readonly dp: number;
  /** Tokens of one block. */
  readonly blockSize: number;
  /** Share of the GPU memory that the server may use, in (0, 1]. */
  readonly gpuMemoryUtilization: number;
}

/** Bytes of KV of one token on each of `tp` GPUs. Throws a ConfigError if they cannot share it. */
export function kvBytesPerToken(model: ModelConfig, tp: number): number {
  requireModel(model, ["numLayers", "numHeads", "hiddenSize", "bytesPerParam"], USE);
  const { numLayers, kvLoraRank, qkRopeHeadDim, bytesPerParam } = model;
  // MLA: each GPU keeps the whole compressed latent.
  if (kvLoraRank > 0) return numLayers * (kvLoraRank + qkRopeHeadDim) * bytesPerParam;
  if (model.headDim <= 0 && model.hiddenSize % model.numHeads !== 0) {
    const { hiddenSize, numHeads } = model;
    throw new ConfigError(
      `Cannot ${USE}: "num_attention_heads" ${numHeads} does not divide "hidden_size" ${hiddenSize}`,
      { file: MODEL_FILE, hint: 'add "head_dim" to the config.json of the model' },
    );
  }
  const kvHeads = numKvHeads(model);
  if (kvHeads >= tp) requireEven(kvHeads, "key-value heads", tp);
  return numLayers * 2 * headDim(model) * kvHeads * bytesPerParam / tp;
}

/** Bytes of all weights of a model. An interleaved MoE model counts as if every layer were MoE. */
export function weightBytes(model: ModelConfig): number {
  const { hiddenSize, numLayers, vocabSize, tieWordEmbeddings } = model;
  const kvWidth = numKvHeads(model) * headDim(model);
  const attention = hiddenSize * (hiddenSize + 2 * kvWidth) + hiddenSize * hiddenSize;
  const norms = 2 * hiddenSize;
  const embeddings = vocabSize * hiddenSize * (tieWordEmbeddings ? 1 : 2);
  const layers = numLayers * (attention + norms) + mlpParams(model);
  return Math.trunc((embeddings + layers + hiddenSize) * weightBytesPerParam(model));
}

/**
 * KV blocks that fit beside the model on its GPUs.
 * Throws a ConfigError if a figure is missing or heads cannot be split, a DoesNotFit if no block fits.
 * Source: inference-sim, KV capacity; vLLM, v1/worker/gpu_worker.py, determine_available_memory.
 */
export function numKvBlocks(model: ModelConfig, budget: KvBudget): number {
  requireModel(model, ["intermediateSize", "vocabSize"], USE);
  requireHardware(budget.hardware, ["memoryGiB"], USE);
  if (!GATED_ACTIVATIONS.has(model.hiddenAct)) {
    throw new ConfigError(
      `Cannot ${USE}: "hidden_act" is "${model.hiddenAct}", not one of silu, swiglu, geglu, situ`,
      { file: MODEL_FILE, hint: "state the number of blocks with --total-kv-blocks" },
    );
  }
  const blockBytes = Math.trunc(kvBytesPerToken(model, budget.tp) * budget.blockSize);
  const { weights, activations, other, total } = memory(model, budget, budget.tp);
  const freeBytes = Math.trunc((total - (weights + activations + other)) * GIB);
  const blocks = Math.floor(freeBytes / blockBytes);
  if (blocks > 0) return isMoe(model) ? blocks * budget.dp : blocks;
  const gpus = budget.tp === 1 ? "1 GPU" : `${budget.tp} GPUs`;
  const sum = `${gib(weights)} weights + ${gib(activations)} activations + ${gib(other)} other`;
  throw new DoesNotFit(
    `Cannot fit the model on ${gpus}: ${sum} leave no KV block in ${gib(total)} GiB`,
    { hint: fitHint(model, budget) },
  );
}

/** The smallest tp, up to 1024, that leaves room for a KV block; 0 if none does. */
export function smallestTp(model: ModelConfig, budget: KvBudget): number {
  const kvHeads = numKvHeads(model);
  for (let tp = 1; tp <= 1024; tp++) {
    const splits = model.numHeads % tp === 0 && (kvHeads < tp || kvHeads % tp === 0);
    if (!splits) continue;
    const { weights, activations, other, total } = memory(model, budget, tp);
    const freeBytes = Math.trunc((total - (weights + activations + other)) * GIB);
    if (freeBytes >= Math.trunc(kvBytesPerToken(model, tp) * budget.blockSize)) return tp;
  }
  return 0;
}

/**
 * The longest sequence in tokens that the KV cache can hold: `maxModelLen`, or all blocks if they
 * are fewer. 0 = unlimited stays 0.
 */
export function capModelLen(maxModelLen: number, numBlocks: number, blockSize: number): number {
  const tooLong = maxModelLen > 0 && Math.ceil(maxModelLen / blockSize) > numBlocks;
  return tooLong ? numBlocks * blockSize : maxModelLen;
}

function headDim({ headDim, hiddenSize, numHeads }: ModelConfig): number {
  return headDim > 0 ? headDim : Math.floor(hiddenSize / numHeads);
}

function mlpParams(model: ModelConfig): number {
  const { hiddenSize, numLayers, intermediateSize, numExperts } = model;
  if (!isMoe(model)) return numLayers * 3 * hiddenSize * intermediateSize;
  const expertWidth = model.moeIntermediateSize > 0 ? model.moeIntermediateSize : intermediateSize;
  const experts = 3 * hiddenSize * expertWidth * numExperts;
  const shared = 3 * hiddenSize * Math.max(0, model.sharedExpertIntermediateSize);
  const gate = numExperts * hiddenSize;
  const denseWidth = model.intermediateSizeMlp > 0 ? model.intermediateSizeMlp : intermediateSize;
  const denseLayers = Math.min(model.firstKDenseReplace, numLayers);
  return (numLayers - denseLayers) * (experts + shared + gate) +
    denseLayers * 3 * hiddenSize * denseWidth;
}

/** GiB on all GPUs together: what the server may use, and what goes off it. */
function memory(model: ModelConfig, { hardware, gpuMemoryUtilization }: KvBudget, tp: number) {
  return {
    weights: weightBytes(model) / GIB,
    activations: isMoe(model) ? MOE_ACTIVATION_GIB : DENSE_ACTIVATION_GIB,
    other: (tp === 1 ? SINGLE_GPU_OTHER_GIB : MULTI_GPU_OTHER_GIB) * tp,
    total: hardware.memoryGiB * gpuMemoryUtilization * tp,
  };
}

function fitHint(model: ModelConfig, budget: KvBudget): string {
  const tp = smallestTp(model, budget);
  return tp === 0 ? "use a GPU with more memory" : `use --tp ${tp}, or a GPU with more memory`;
}

function gib(value: number): string {
  return value.toFixed(2);
}
