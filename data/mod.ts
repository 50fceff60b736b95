/**
 * The figures that the program carries with it, as texts: they are parsed by whoever needs them,
 * and a model config is loaded only when it is asked for.
 */
import defaultsYaml from "./defaults.yaml" with { type: "text" };
import gpuPricesJson from "./gpu_prices.json" with { type: "text" };
import hardwareJson from "./hardware.json" with { type: "text" };

type TextModule = Promise<{ readonly default: string }>;

/** One literal import a model, so that `deno compile` sees each file. */
const MODEL_CONFIGS: Readonly<Record<string, () => TextModule>> = {
  "codellama-34b-instruct-hf": () =>
    import("./model_configs/codellama-34b-instruct-hf/config.json", { with: { type: "text" } }),
  "deepseek-v2-lite": () =>
    import("./model_configs/deepseek-v2-lite/config.json", { with: { type: "text" } }),
  "glm-5.2-fp8": () =>
    import("./model_configs/glm-5.2-fp8/config.json", { with: { type: "text" } }),
  "llama-2-70b-hf": () =>
    import("./model_configs/llama-2-70b-hf/config.json", { with: { type: "text" } }),
  "llama-2-7b-hf": () =>
    import("./model_configs/llama-2-7b-hf/config.json", { with: { type: "text" } }),
  "llama-3.1-70b-instruct": () =>
    import("./model_configs/llama-3.1-70b-instruct/config.json", { with: { type: "text" } }),
  "llama-3.1-8b-instruct": () =>
    import("./model_configs/llama-3.1-8b-instruct/config.json", { with: { type: "text" } }),
  "llama-4-scout-17b-16e-instruct-fp8-dynamic": () =>
    import("./model_configs/llama-4-scout-17b-16e-instruct-fp8-dynamic/config.json", {
      with: { type: "text" },
    }),
  "mistral-nemo-instruct-2407": () =>
    import("./model_configs/mistral-nemo-instruct-2407/config.json", { with: { type: "text" } }),
  "mixtral-8x22b-v0.1": () =>
    import("./model_configs/mixtral-8x22b-v0.1/config.json", { with: { type: "text" } }),
  "mixtral-8x7b-v0.1": () =>
    import("./model_configs/mixtral-8x7b-v0.1/config.json", { with: { type: "text" } }),
  "qwen2.5-7b-instruct": () =>
    import("./model_configs/qwen2.5-7b-instruct/config.json", { with: { type: "text" } }),
  "qwen3-14b": () => import("./model_configs/qwen3-14b/config.json", { with: { type: "text" } }),
  "qwen3-30b-a3b": () =>
    import("./model_configs/qwen3-30b-a3b/config.json", { with: { type: "text" } }),
  "yi-34b": () => import("./model_configs/yi-34b/config.json", { with: { type: "text" } }),
};

/**
 * The text of defaults.yaml: defaults by model, workload presets, fitted coefficients.
 * Source: inference-sim, defaults.yaml.
 */
export function embeddedDefaults(): string {
  return defaultsYaml;
}

/**
 * The table of GPUs: JSON object of GPU name → figures.
 * Source: inference-sim, hardware_config.json; MFU from its discussion 589.
 */
export function embeddedHardware(): string {
  return hardwareJson;
}

/** List prices and powers of GPUs: JSON object of GPU name → figures, with their source and date. */
export function embeddedGpuPrices(): string {
  return gpuPricesJson;
}

/** Short names of the models whose config.json is embedded, sorted. */
export function embeddedModels(): string[] {
  return Object.keys(MODEL_CONFIGS);
}

/** The embedded config.json of a model by its short name, e.g. `qwen3-14b`; undefined if none is. */
export async function embeddedModelConfig(shortName: string): Promise<string | undefined> {
  if (!Object.hasOwn(MODEL_CONFIGS, shortName)) return undefined;
  return (await MODEL_CONFIGS[shortName]!()).default;
}

/**
 * Cuts one top-level section, its key line included, out of a YAML text without parsing the rest;
 * "" if there is none. The text must be of the plain block kind: a key at the start of its line.
 */
export function yamlSection(yaml: string, key: string): string {
  const start = `\n${yaml}`.indexOf(`\n${key}:`);
  if (start < 0) return "";
  const nextKey = /^[^\s#-]/gm;
  nextKey.lastIndex = start + 1;
  return yaml.slice(start, nextKey.exec(yaml)?.index);
}
