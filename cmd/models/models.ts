import { z } from "zod";
import { embeddedModelConfig, embeddedModels } from "../../data/mod.ts";
import { type ModelFile, readModelFile } from "../../latency/mod.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { command } from "../cli.ts";
import { type Defaults, openDefaults } from "../resolve/defaults_file.ts";
import { kindOf, type ModelSize, sizeOf } from "./facts.ts";
import { billions, gib, UNKNOWN } from "./text.ts";
import { textTable } from "../table.ts";

const options = z.strictObject({
  output: z.enum(["text", "json"]).default("text").describe("what stdout gets"),
});

/** A model whose config.json is built in. */
interface BuiltInModel extends ModelSize {
  /** Its id in the defaults file, or else its short name. */
  readonly id: string;
  readonly file: ModelFile;
  /** GPU and tp that a run takes by default; "" and 0 if the defaults file names none. */
  readonly gpu: string;
  readonly tp: number;
}

/** `blis models`: lists the models that are built in. */
export const models = command({
  name: "models",
  summary: "List the models that are built in",
  options,
  examples: [
    ["--output json", "For a program"],
    ["show qwen/qwen3-14b --tp 2", "What follows from a model on two of them"],
  ],
  permissions: () => [],
  async run({ values }, { io }) {
    const defaults = await openDefaults(undefined, io);
    const list: BuiltInModel[] = [];
    for (const name of embeddedModels()) list.push(await readBuiltIn(name, defaults));
    io.print(values.output === "json" ? jsonOf(list) : textOf(list));
    return 0;
  },
});

async function readBuiltIn(name: string, defaults: Defaults): Promise<BuiltInModel> {
  const entries = Object.entries(defaults.section("defaults"));
  const [id, entry] = entries.find(([id]) => id.slice(id.indexOf("/") + 1) === name) ?? [name];
  const file = readModelFile((await embeddedModelConfig(name))!, name, `${name}/config.json`);
  return {
    id,
    file,
    ...sizeOf(file),
    gpu: entry?.GPU ?? "",
    tp: entry?.tensor_parallelism ?? 0,
  };
}

function textOf(list: readonly BuiltInModel[]): string {
  const rows = list.map(({ id, file, parameters, weightBytes, gpu, tp }) => [
    id,
    kindOf(file.model),
    billions(parameters),
    gib(weightBytes),
    String(file.maxModelLen || UNKNOWN),
    tp > 0 ? `${tp} x ${gpu}` : UNKNOWN,
  ]);
  const header = [
    "model",
    "kind",
    "parameters (10^9)",
    "weights (GiB)",
    "longest sequence",
    "default GPUs",
  ];
  return textTable([header, ...rows]);
}

function jsonOf(list: readonly BuiltInModel[]): string {
  const items = list.map(({ id, file, parameters, weightBytes, gpu, tp }) => ({
    model: id,
    num_experts: file.model.numExperts,
    num_experts_per_tok: file.model.numExpertsPerTok,
    parameters: parameters ?? null,
    weight_bytes: weightBytes ?? null,
    max_model_len: file.maxModelLen || null,
    gpu: gpu || null,
    tp: tp || null,
  }));
  return `${jsonText({ models: items })}\n`;
}
