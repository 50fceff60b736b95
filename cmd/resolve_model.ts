import {
  capModelLen,
  type LatencyConfig,
  type LatencyModelName,
  latencyWarnings,
  type ModelFile,
  numKvBlocks,
  readModelFile,
} from "../latency/mod.ts";
import { type HardwareConfig, readHardware } from "../sim/hardware.ts";
import { UsageError } from "../sim/internal/errors.ts";
import type { ModelConfig } from "../sim/model.ts";
import type { Context } from "./cli.ts";
import { type CoefficientKey, type GivenCoefficients, resolveLatency } from "./coefficients.ts";
import { isUserError } from "./diagnostics.ts";
import type { Defaults } from "./defaults_file.ts";
import { type FilePlaces, findHardware, findModelConfig } from "./model_files.ts";

/** KV blocks where nothing tells how many fit. */
const FALLBACK_KV_BLOCKS = 1_000_000;

/** The flags that choose a model, its GPUs, how it is priced and how large its KV cache is. */
export interface ModelFlags extends FilePlaces, GivenCoefficients {
  readonly model: string;
  readonly hardware: string;
  readonly tp: number;
  readonly vllmVersion: string;
  readonly latencyModel?: LatencyModelName | undefined;
  readonly totalKvBlocks?: number | undefined;
  readonly blockSizeInTokens: number;
  readonly gpuMemoryUtilization: number;
  readonly maxModelLen?: number | undefined;
}

/** A model on its GPUs, as a deployment wants it. */
export interface ResolvedModel {
  readonly model: string;
  readonly gpu: string;
  readonly tp: number;
  readonly modelConfig: ModelConfig;
  readonly hardware: HardwareConfig;
  readonly latency: LatencyConfig;
  readonly numBlocks: number;
  readonly maxModelLen: number;
}

/** Finds the files of a model and computes what follows from them. */
export async function resolveModel(
  flags: ModelFlags,
  defaults: Defaults,
  context: Context,
): Promise<ResolvedModel> {
  const key = resolveTarget(flags, defaults);
  const mode = resolveMode(flags, context);
  if (mode === "blackbox") return await resolveBlackbox(flags, key, defaults, context);
  requireTarget(mode, key);
  const latency = resolveLatency(mode, flags, key, defaults);
  if (mode.startsWith("trained") && "alpha" in latency && latency.alpha.every((a) => a === 0)) {
    context.diagnostics.warn(`All alpha coefficients of "${mode}" are 0: no overheads are counted`);
  }
  const { file, hardware } = await readFiles(flags, key, context);
  for (const warning of [...file.warnings, ...latencyWarnings(mode, file.model)]) {
    context.diagnostics.warn(warning);
  }
  const numBlocks = flags.totalKvBlocks ?? countBlocks(flags, key, file, hardware, context);
  const wanted = flags.maxModelLen ?? file.maxModelLen;
  return {
    ...key,
    modelConfig: file.model,
    hardware,
    latency,
    numBlocks,
    maxModelLen: cappedModelLen(wanted, numBlocks, flags, context),
  };
}

/** GPU, tp and vLLM version: those of the flags, or of the model in the defaults file. */
function resolveTarget(flags: ModelFlags, defaults: Defaults): CoefficientKey {
  const model = flags.model.toLowerCase();
  const isComplete = flags.hardware !== "" && flags.tp > 0 && flags.latencyModel !== "blackbox";
  const entry = isComplete ? undefined : defaults.section("defaults")[model];
  return {
    model,
    gpu: flags.hardware || (entry?.GPU ?? ""),
    tp: flags.tp || Math.max(0, entry?.tensor_parallelism ?? 0),
    vllmVersion: flags.vllmVersion || (entry?.vllm_version ?? ""),
  };
}

function resolveMode(flags: ModelFlags, { diagnostics }: Context): LatencyModelName {
  if (flags.latencyModel !== undefined) return flags.latencyModel;
  if (flags.alphaCoeffs !== undefined) {
    diagnostics.info('Coefficients are given: latency model "blackbox"');
    return "blackbox";
  }
  // Figures: median absolute error of the mean E2E over 25 measured vLLM experiments.
  diagnostics.note(
    "Latency model roofline was 51 % off in E2E against measured vLLM runs, trained-physics 11 %",
    "--latency-model trained-physics; --latency-model roofline keeps this one without the note",
  );
  return "roofline";
}

function requireTarget(mode: LatencyModelName, { model, gpu, tp }: CoefficientKey): void {
  const missing = [...(gpu === "" ? ["--hardware"] : []), ...(tp === 0 ? ["--tp"] : [])];
  if (missing.length === 0) return;
  throw new UsageError(
    `Latency model "${mode}" needs ${missing.join(" and ")}: no defaults are known for "${model}"`,
    { flag: missing[0]!, hint: "e.g. --hardware H100 --tp 1" },
  );
}

async function readFiles(
  flags: ModelFlags,
  { model, gpu }: CoefficientKey,
  context: Context,
): Promise<{ file: ModelFile; hardware: HardwareConfig }> {
  const config = await findModelConfig(model, flags, context);
  const table = await findHardware(flags, context);
  return {
    file: readModelFile(config.text, model, config.file),
    hardware: readHardware(table.text, gpu, table.file),
  };
}

function countBlocks(
  flags: ModelFlags,
  { tp }: CoefficientKey,
  file: ModelFile,
  hardware: HardwareConfig,
  context: Context,
): number {
  const unknown = file.uncountable ||
    (hardware.memoryGiB > 0 ? "" : "the memory of the GPU is not known");
  if (unknown !== "") return fallbackBlocks(unknown, context);
  return numKvBlocks(file.model, {
    hardware,
    tp,
    dp: 1,
    blockSize: flags.blockSizeInTokens,
    gpuMemoryUtilization: flags.gpuMemoryUtilization,
  });
}

function fallbackBlocks(reason: string, { diagnostics }: Context): number {
  diagnostics.warn(
    `Taking ${FALLBACK_KV_BLOCKS} KV blocks: ${reason}`,
    "state their number with --total-kv-blocks",
  );
  return FALLBACK_KV_BLOCKS;
}

function cappedModelLen(
  maxModelLen: number,
  numBlocks: number,
  { blockSizeInTokens }: ModelFlags,
  { diagnostics }: Context,
): number {
  const capped = capModelLen(maxModelLen, numBlocks, blockSizeInTokens);
  if (capped < maxModelLen) {
    diagnostics.warn(
      `The model length is ${capped} instead of ${maxModelLen} tokens: ` +
        `${numBlocks} KV blocks of ${blockSizeInTokens} tokens hold no more`,
    );
  }
  return capped;
}

/** Black-box steps need coefficients alone; files tell only how many KV blocks fit, if they can. */
async function resolveBlackbox(
  flags: ModelFlags,
  key: CoefficientKey,
  defaults: Defaults,
  context: Context,
): Promise<ResolvedModel> {
  const latency = resolveLatency("blackbox", flags, key, defaults);
  const numBlocks = flags.totalKvBlocks ?? await guessBlocks(flags, key, context);
  return {
    ...key,
    // An empty file states nothing, and nothing is asked of it.
    modelConfig: readModelFile("{}", key.model, "").model,
    hardware: readHardware('{"": {}}', "", ""),
    latency,
    numBlocks,
    maxModelLen: cappedModelLen(flags.maxModelLen ?? 0, numBlocks, flags, context),
  };
}

async function guessBlocks(
  flags: ModelFlags,
  key: CoefficientKey,
  context: Context,
): Promise<number> {
  try {
    requireTarget("blackbox", key);
    const { file, hardware } = await readFiles(flags, key, context);
    return countBlocks(flags, key, file, hardware, context);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return fallbackBlocks(error.message, context);
  }
}
