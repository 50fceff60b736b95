import { ConfigError } from "../sim/internal/errors.ts";
import { isJsonObject, parseJsonObject } from "../sim/internal/json_object.ts";
import type { ModelConfig } from "../sim/model.ts";
import { ropeMaxModelLen } from "./rope.ts";
import { weightBytesOfName } from "./weight_name.ts";

/** A HuggingFace config.json, its `text_config` lifted to the top. */
type HfConfig = Readonly<Record<string, unknown>>;

/** What a config.json tells. */
export interface ModelFile {
  readonly model: ModelConfig;
  /** Longest sequence in tokens, 0 = not stated. */
  readonly maxModelLen: number;
  /** Why its weights cannot be counted, so that no KV capacity follows; "" if they can. */
  readonly uncountable: string;
  /** What the user should know about figures that were guessed or left out. */
  readonly warnings: readonly string[];
}

/** Bytes of the number types that `torch_dtype` may name. */
const DTYPE_BYTES: ReadonlyMap<unknown, number> = new Map([
  ["float32", 4],
  ["float16", 2],
  ["bfloat16", 2],
  ["int8", 1],
  ["uint8", 1],
  ["fp8", 1],
  ["int4", 1],
  ["nf4", 1],
]);

/** The keys under which models state their number of routed experts. */
const EXPERT_KEYS = [
  "num_experts",
  "moe_num_experts",
  "n_routed_experts",
  "num_local_experts",
  "num_routed_experts",
];

/** True if a text is the config.json of a language model, and not of something else. */
export function isModelConfig(text: string): boolean {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return false;
  }
  if (!isJsonObject(config)) return false;
  const inner = isJsonObject(config.text_config) ? config.text_config : {};
  return ["num_hidden_layers", "hidden_size"].some((key) => key in config || key in inner);
}

/**
 * Reads a HuggingFace config.json. `modelName` tells the width of the weights where the file does
 * not. Throws a ConfigError for text that is no JSON object and for negative widths; a key that is
 * missing counts as 0, and whoever needs it complains.
 */
export function readModelFile(text: string, modelName: string, file: string): ModelFile {
  const hf = lifted(parseJsonObject(text, "the model config", file));
  const model = modelOf(hf, modelName, file);
  const rope = ropeMaxModelLen({
    maxPositionEmbeddings: whole(hf, "max_position_embeddings"),
    modelType: textOf(hf, "model_type"),
    ropeScaling: hf.rope_scaling,
  });
  return {
    model,
    maxModelLen: Math.max(0, rope.tokens),
    uncountable: uncountable(hf, model),
    warnings: [...precisionWarnings(hf, model), ...ropeWarnings(hf, rope)],
  };
}

function lifted(config: HfConfig): HfConfig {
  return isJsonObject(config.text_config) ? { ...config, ...config.text_config } : config;
}

function modelOf(hf: HfConfig, modelName: string, file: string): ModelConfig {
  const numHeads = whole(hf, "num_attention_heads");
  const intermediateSize = whole(hf, "intermediate_size", "ffn_hidden_size");
  const statedKvHeads = whole(
    hf,
    "num_key_value_heads",
    "num_kv_heads",
    "multi_query_group_num",
  );
  const stated = quantizedBytes(hf.quantization_config);
  return {
    numLayers: whole(hf, "num_hidden_layers"),
    hiddenSize: whole(hf, "hidden_size"),
    numHeads,
    numKvHeads: statedKvHeads || numHeads,
    headDim: width(hf, "head_dim", file),
    vocabSize: whole(hf, "vocab_size"),
    tieWordEmbeddings: hf.tie_word_embeddings === true,
    intermediateSize,
    hiddenAct: textOf(hf, "hidden_act"),
    bytesPerParam: dtypeBytes(hf),
    weightBytesPerParam: stated > 0 ? stated : weightBytesOfName(modelName),
    numExperts: numExperts(hf),
    numExpertsPerTok: whole(hf, "num_experts_per_tok"),
    moeIntermediateSize: whole(hf, "moe_intermediate_size"),
    sharedExpertIntermediateSize: sharedWidth(hf, intermediateSize),
    interleaveMoeLayerStep: whole(hf, "interleave_moe_layer_step"),
    intermediateSizeMlp: whole(hf, "intermediate_size_mlp"),
    kvLoraRank: width(hf, "kv_lora_rank", file),
    qkRopeHeadDim: width(hf, "qk_rope_head_dim", file),
    firstKDenseReplace: width(hf, "first_k_dense_replace", file),
  };
}

/** The first of `keys` that holds a number other than 0, truncated; 0 if none does. */
function whole(hf: HfConfig, ...keys: readonly string[]): number {
  for (const key of keys) {
    const value = hf[key];
    const number = typeof value === "number" ? Math.trunc(value) : 0;
    if (number !== 0) return number;
  }
  return 0;
}

function width(hf: HfConfig, key: string, file: string): number {
  const value = whole(hf, key);
  if (value >= 0) return value;
  throw new ConfigError(`Cannot use ${value} for "${key}": it must be >= 0`, { file, path: key });
}

function textOf(hf: HfConfig, key: string): string {
  const value = hf[key];
  return typeof value === "string" ? value : "";
}

function dtypeBytes(hf: HfConfig): number {
  const dtype = typeof hf.torch_dtype === "string" ? hf.torch_dtype : hf.dtype;
  return DTYPE_BYTES.get(dtype) ?? 0;
}

/** Models with one "expert" are dense. */
function numExperts(hf: HfConfig): number {
  return EXPERT_KEYS.map((key) => whole(hf, key)).find((count) => count >= 2) ?? 0;
}

function sharedWidth(hf: HfConfig, intermediateSize: number): number {
  const stated = whole(hf, "shared_expert_intermediate_size");
  if (stated > 0) return stated;
  const expertWidth = whole(hf, "moe_intermediate_size") || intermediateSize;
  return Math.max(0, whole(hf, "n_shared_experts")) * expertWidth;
}

/** Bytes of a quantized weight, 0 if the `quantization_config` does not tell. */
function quantizedBytes(quantization: unknown): number {
  if (!isJsonObject(quantization)) return 0;
  const bits = wholeBits(quantization.bits);
  if (bits > 0) return bits / 8;
  const { quant_method: method, config_groups: groups } = quantization;
  const methodName = typeof method === "string" ? method.toLowerCase() : "";
  if (methodName === "fp8") return 1;
  return methodName === "compressed-tensors" && isJsonObject(groups) ? groupBytes(groups) : 0;
}

function wholeBits(bits: unknown): number {
  if (typeof bits === "number") return Math.trunc(bits);
  return typeof bits === "string" && /^[+-]?\d+$/.test(bits) ? Number(bits) : 0;
}

function groupBytes(groups: Record<string, unknown>): number {
  for (const name of Object.keys(groups).sort((a, b) => a < b ? -1 : 1)) {
    const group = groups[name];
    const weights = isJsonObject(group) ? group.weights : undefined;
    const bits = isJsonObject(weights) ? weights.num_bits : undefined;
    if (typeof bits === "number" && bits > 0) return bits / 8;
  }
  return 0;
}

function uncountable(hf: HfConfig, { numExperts }: ModelConfig): string {
  if (numExperts >= 2) return "";
  const hint = ["n_shared_experts", "num_experts_per_tok"].find((key) => whole(hf, key) > 0);
  return hint === undefined
    ? ""
    : `the model looks like a MoE ("${hint}" is ${whole(hf, hint)}) but states no experts`;
}

function precisionWarnings(hf: HfConfig, model: ModelConfig): string[] {
  if (model.weightBytesPerParam > 0) return [];
  if ("quantization_config" in hf) {
    return ['Cannot tell the width of the weights from "quantization_config": taking the dtype'];
  }
  const { bytesPerParam } = model;
  return bytesPerParam > 0 && bytesPerParam <= 1
    ? [`The dtype has ${bytesPerParam} byte a parameter: step times may be off if it is quantized`]
    : [];
}

function ropeWarnings(hf: HfConfig, { tokens, scaled }: { tokens: number; scaled: boolean }) {
  const scaling = hf.rope_scaling;
  const gemma3 = textOf(hf, "model_type").includes("gemma3");
  if (tokens <= 0 || scaled || gemma3 || scaling === undefined || scaling === null) return [];
  if (!isJsonObject(scaling)) return ['Ignoring "rope_scaling": it is not an object'];
  return "factor" in scaling
    ? ['Ignoring "rope_scaling.factor": "max_position_embeddings" is taken as it is']
    : [];
}
