import {
  capModelLen,
  createLatencyModel,
  DoesNotFit,
  HARDWARE_FILE,
  isMoe,
  type LatencyConfig,
  type LatencyModelName,
  latencyWarnings,
  MODEL_FILE,
  type ModelFile,
  numKvBlocks,
  readModelFile,
} from "../../latency/mod.ts";
import { type HardwareConfig, readHardware } from "../../sim/hardware.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import type { ModelConfig } from "../../sim/model.ts";
import type { Context } from "../cli.ts";
import { type CoefficientKey, type GivenCoefficients, resolveLatency } from "./coefficients.ts";
import type { Defaults } from "./defaults_file.ts";
import { isUserError } from "../diagnostics.ts";
import { readGpus } from "./gpu_table.ts";
import { missingTarget } from "./missing_target.ts";
import { noteOfMeasuredError } from "./measured_error.ts";
import { type FilePlaces, findHardware, findModelConfig, type NamedText } from "./model_files.ts";
import { checkParallelism, type Parallelism, requirePricedParallelism } from "./parallelism.ts";
import { placementHint } from "./placement.ts";

/** KV blocks where nothing tells how many fit. */
const FALLBACK_KV_BLOCKS = 1_000_000;

/** The flags that choose a model, its GPUs, how it is priced and how large its KV cache is. */
export interface ModelFlags extends FilePlaces, GivenCoefficients, Parallelism {
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
  readonly dp: number;
  readonly modelConfig: ModelConfig;
  readonly hardware: HardwareConfig;
  readonly latency: LatencyConfig;
  readonly numBlocks: number;
  readonly maxModelLen: number;
}

/** The files of a model on a GPU, read. */
interface ModelFiles {
  readonly file: ModelFile;
  /** What the file of the model is called. */
  readonly modelPath: string;
  readonly hardware: HardwareConfig;
  readonly table: NamedText;
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
  requireTarget(flags, key, defaults);
  const latency = withBackend(resolveLatency(mode, flags, key, defaults), flags);
  if (mode.startsWith("trained") && "alpha" in latency && latency.alpha.every((a) => a === 0)) {
    context.diagnostics.warn(`All alpha coefficients of "${mode}" are 0: no overheads are counted`);
  }
  const files = await readFiles(flags, key, defaults, context);
  const { file, hardware } = files;
  for (const warning of [...file.warnings, ...latencyWarnings(mode, file.model)]) {
    context.diagnostics.warn(warning);
  }
  const numBlocks = flags.totalKvBlocks ?? countBlocks(flags, key, files, context);
  const maxModelLen = cappedModelLen(
    flags.maxModelLen ?? file.maxModelLen,
    numBlocks,
    flags,
    context,
  );
  checkParallelism(flags, { mode, model: key.model, isMoe: isMoe(file.model) }, context);
  const { dp } = flags;
  const target = { model: file.model, hardware, tp: key.tp, dp };
  namingFiles(files, () => createLatencyModel(latency, target));
  if (flags.latencyModel === undefined) noteOfMeasuredError(target, key, defaults, context);
  return { ...key, dp, modelConfig: file.model, hardware, latency, numBlocks, maxModelLen };
}

/** GPU, tp and vLLM version: those of the flags, or of the model in the defaults file. */
export function resolveTarget(
  flags: Pick<ModelFlags, "model" | "hardware" | "tp" | "vllmVersion" | "latencyModel">,
  defaults: Defaults,
): CoefficientKey {
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
  if (flags.alphaCoeffs === undefined) return "roofline";
  diagnostics.info('Coefficients are given: latency model "blackbox"');
  return "blackbox";
}

function withBackend(latency: LatencyConfig, { moeCommBackend }: ModelFlags): LatencyConfig {
  return latency.mode === "trained-physics" && moeCommBackend !== undefined
    ? { ...latency, moeCommBackend }
    : latency;
}

function requireTarget(flags: ModelFlags, key: CoefficientKey, defaults: Defaults): void {
  const { model, gpu, tp } = key;
  const missing = [...(gpu === "" ? ["--hardware"] : []), ...(tp === 0 ? ["--tp"] : [])];
  if (missing.length === 0) return;
  throw missingTarget({
    model,
    flags: missing,
    known: Object.keys(defaults.section("defaults")),
    takesCoefficients: flags.latencyModel === undefined,
  });
}

async function readFiles(
  flags: ModelFlags,
  { model, gpu }: CoefficientKey,
  defaults: Defaults,
  context: Context,
): Promise<ModelFiles> {
  const table = await findHardware(flags, context);
  const hardware = readHardware(table.text, gpu, table.file);
  const config = await findModelConfig(model, flags, defaults, context);
  const file = readModelFile(config.text, model, config.file);
  return { file, modelPath: config.file, hardware, table };
}

/** Lets the errors of `action` name the files that they are about. */
function namingFiles<T>({ modelPath, table }: ModelFiles, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const paths = new Map([[MODEL_FILE, modelPath], [HARDWARE_FILE, table.file]]);
    const path = error instanceof ConfigError ? paths.get(error.options.file ?? "") : undefined;
    if (path === undefined || !(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.message, { ...error.options, file: path });
  }
}

function countBlocks(
  flags: ModelFlags,
  { gpu, tp }: CoefficientKey,
  files: ModelFiles,
  context: Context,
): number {
  const { file, hardware, table } = files;
  const unknown = file.uncountable ||
    (hardware.memoryGiB > 0 ? "" : "the memory of the GPU is not known");
  if (unknown !== "") return fallbackBlocks(unknown, context);
  const { dp, blockSizeInTokens: blockSize, gpuMemoryUtilization } = flags;
  const budget = { hardware, tp, dp, blockSize, gpuMemoryUtilization };
  try {
    return namingFiles(files, () => numKvBlocks(file.model, budget));
  } catch (error) {
    if (!(error instanceof DoesNotFit)) throw error;
    const others = new Map(readGpus(table.text, table.file));
    others.delete(gpu);
    throw new ConfigError(error.message, { hint: placementHint(file.model, budget, others) });
  }
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
  requirePricedParallelism(flags, "blackbox");
  const latency = resolveLatency("blackbox", flags, key, defaults);
  const numBlocks = flags.totalKvBlocks ?? await guessBlocks(flags, key, defaults, context);
  return {
    ...key,
    dp: 1,
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
  defaults: Defaults,
  context: Context,
): Promise<number> {
  try {
    requireTarget(flags, key, defaults);
    return countBlocks(flags, key, await readFiles(flags, key, defaults, context), context);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return fallbackBlocks(error.message, context);
  }
}
