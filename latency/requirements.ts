import type { HardwareConfig } from "../sim/hardware.ts";
import { ConfigError } from "../sim/internal/errors.ts";
import type { ModelConfig } from "../sim/model.ts";
import { isMoe, numKvHeads } from "./architecture.ts";

/** Stands in an error for the file of the model, whose path only the caller knows. */
export const MODEL_FILE = "config.json";
/** Stands in an error for the file of the GPUs, whose path only the caller knows. */
export const HARDWARE_FILE = "hardware.json";

/** The key of config.json that states a figure of the model. */
const MODEL_KEYS = {
  numLayers: "num_hidden_layers",
  hiddenSize: "hidden_size",
  numHeads: "num_attention_heads",
  intermediateSize: "intermediate_size",
  vocabSize: "vocab_size",
  bytesPerParam: "torch_dtype",
} as const satisfies Partial<Record<keyof ModelConfig, string>>;

/** The key of the hardware file that states a figure of the GPU. */
const HARDWARE_KEYS = {
  tflopsPeak: "TFlopsPeak",
  bwPeakTBs: "BwPeakTBs",
  mfuPrefill: "mfuPrefill",
  mfuDecode: "mfuDecode",
  memoryGiB: "MemoryGiB",
} as const satisfies Partial<Record<keyof HardwareConfig, string>>;

/**
 * Throws a ConfigError that names all keys of config.json which `use` needs > 0 and the model has
 * not. `use` is what would be done with them, e.g. `use latency model "roofline"`.
 */
export function requireModel(
  model: ModelConfig,
  figures: readonly (keyof typeof MODEL_KEYS)[],
  use: string,
): void {
  const missing = figures.filter((figure) => !(model[figure] > 0)).map((f) => MODEL_KEYS[f]);
  if (missing.length === 0) return;
  const additions = missing.map((key) => `"${key}": ${key === "torch_dtype" ? '"bfloat16"' : "…"}`);
  throw new ConfigError(`Cannot ${use}: config.json has no usable ${quoted(missing)}`, {
    file: MODEL_FILE,
    hint: `add ${additions.join(", ")} to the config.json of the model`,
  });
}

/** Throws a ConfigError that names all figures of the GPU which `use` needs > 0 and it has not. */
export function requireHardware(
  hardware: HardwareConfig,
  figures: readonly (keyof typeof HARDWARE_KEYS)[],
  use: string,
): void {
  const missing = figures.filter((f) => !(hardware[f] > 0)).map((f) => HARDWARE_KEYS[f]);
  if (missing.length === 0) return;
  throw new ConfigError(`Cannot ${use}: the GPU has no usable ${quoted(missing)}`, {
    file: HARDWARE_FILE,
    hint: `add ${quoted(missing)} to the entry of the GPU in a hardware file, as numbers > 0`,
  });
}

/** Throws a ConfigError unless each GPU gets the same number of attention and key-value heads. */
export function requireEvenHeads(model: ModelConfig, tp: number): void {
  requireEven(model.numHeads, "attention heads", tp);
  requireEven(numKvHeads(model), "key-value heads", tp);
}

/** Throws a ConfigError if a MoE model does not say how many experts a token visits. */
export function requireRouting(model: ModelConfig, use: string): void {
  if (!isMoe(model) || model.numExpertsPerTok > 0) return;
  throw new ConfigError(
    `Cannot ${use}: config.json has ${model.numExperts} experts but no "num_experts_per_tok"`,
    { file: MODEL_FILE, hint: 'add "num_experts_per_tok" to the config.json of the model' },
  );
}

/** Throws a ConfigError unless `tp` divides `count`. */
export function requireEven(count: number, what: string, tp: number): void {
  if (count % tp === 0) return;
  throw new ConfigError(`Cannot split ${count} ${what} evenly over ${tp} GPUs`, {
    hint: `use a --tp that divides ${count}`,
  });
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(", ");
}
