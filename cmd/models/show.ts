import { z } from "zod";
import { type ModelFile, readModelFile, smallestTp } from "../../latency/mod.ts";
import { type HardwareConfig, readHardware } from "../../sim/hardware.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { command, type Context } from "../cli.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { isUserError } from "../diagnostics.ts";
import type { Flags } from "../flag_values.ts";
import { readGpus } from "../resolve/gpu_table.ts";
import { findHardware, findModelConfig, modelPermissions } from "../resolve/model_files.ts";
import { modelFacts } from "./facts.ts";
import { modelJson, modelText, type ShownModel } from "./text.ts";
import { generalOptions, kvOptions, modelOptions } from "../options.ts";
import { resolveTarget } from "../resolve/model.ts";

/** The GPU of a model that has no default one. */
const FALLBACK_GPU = "H100";

const options = z.strictObject({
  model: modelOptions.model.meta({ ...modelOptions.model.meta(), argument: true }),
  hardware: modelOptions.hardware,
  tp: modelOptions.tp,
  vllmVersion: modelOptions.vllmVersion,
  modelConfigFolder: modelOptions.modelConfigFolder,
  hardwareConfig: modelOptions.hardwareConfig,
  defaultsFilepath: modelOptions.defaultsFilepath,
  blockSizeInTokens: kvOptions.blockSizeInTokens,
  gpuMemoryUtilization: kvOptions.gpuMemoryUtilization,
  output: z.enum(["text", "json"]).default("text").describe("what stdout gets"),
  log: generalOptions.log,
});

type ShowFlags = Flags<z.output<typeof options>>["values"];

/** `blis models show`: what follows from a model's config.json on some GPUs. */
export const modelsShow = command({
  name: "models show",
  summary: "Show the size of a model, the GPUs that hold it and its step times",
  options,
  examples: [
    ["qwen/qwen3-14b", "On the GPUs that a run takes by default"],
    ["meta-llama/llama-3.1-70b-instruct --hardware H100 --tp 8", "On GPUs of one's choice"],
    ["qwen/qwen3-14b --output json", "For a program"],
  ],
  permissions: ({ values }) => ["read", ...modelPermissions(values)],
  async run({ values }, context) {
    context.diagnostics.level = values.log;
    const shown = await look(values, context);
    context.io.print(
      values.output === "json" ? `${jsonText(modelJson(shown))}\n` : modelText(shown),
    );
    return 0;
  },
});

async function look(flags: ShowFlags, context: Context): Promise<ShownModel> {
  const defaults = await openDefaults(flags.defaultsFilepath, context.io);
  // Of all modes blackbox alone asks for the version of vLLM.
  const target = resolveTarget({ ...flags, latencyModel: "blackbox" }, defaults);
  const table = await findHardware(flags, context);
  const gpu = target.gpu || FALLBACK_GPU;
  const hardware = readHardware(table.text, gpu, table.file);
  const config = await findModelConfig(target.model, flags, defaults, context);
  const file = readModelFile(config.text, target.model, config.file);
  for (const warning of file.warnings) context.diagnostics.warn(warning);
  const { blockSizeInTokens: blockSize, gpuMemoryUtilization } = flags;
  const oneGpu = { hardware, tp: 1, dp: 1, blockSize, gpuMemoryUtilization };
  const tp = target.tp || fewestOf(file, oneGpu);
  const key = { ...target, gpu, tp };
  const gpus: ReadonlyMap<string, HardwareConfig> = readGpus(table.text, table.file);
  return {
    key,
    config: file.model,
    configFile: config.file,
    maxModelLen: file.maxModelLen,
    blockSize,
    facts: modelFacts({ file, key, budget: { ...oneGpu, tp }, gpus }, defaults),
  };
}

/** The fewest GPUs that hold a model; 1 if that is not to be found out. */
function fewestOf({ model }: ModelFile, budget: Parameters<typeof smallestTp>[1]): number {
  try {
    return smallestTp(model, budget) || 1;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return 1;
  }
}
