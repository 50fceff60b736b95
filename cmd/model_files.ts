import { embeddedHardware, embeddedModelConfig, embeddedModels } from "../data/mod.ts";
import { isModelConfig } from "../latency/mod.ts";
import { AccessError, UsageError } from "../sim/internal/errors.ts";
import { nearest } from "../sim/internal/nearest.ts";
import type { Context } from "./cli.ts";

/** A text and what to call it in an error. */
export interface NamedText {
  readonly text: string;
  readonly file: string;
}

/** Where the user says that files are; undefined = nowhere. */
export interface FilePlaces {
  readonly modelConfigFolder?: string | undefined;
  readonly hardwareConfig?: string | undefined;
  readonly defaultsFilepath?: string | undefined;
}

/**
 * The config.json of a model, by its id in lower case: from the folder given, from model_configs/
 * beside the defaults file given, or built in. Throws if there is none.
 */
export async function findModelConfig(
  model: string,
  places: FilePlaces,
  context: Context,
): Promise<NamedText> {
  if (places.modelConfigFolder !== undefined) {
    const file = joined(places.modelConfigFolder, "config.json");
    return { text: await context.io.readText(file), file };
  }
  const shortName = shortNameOf(model);
  const beside = await besideDefaults(`model_configs/${shortName}/config.json`, places, context);
  if (beside !== undefined) {
    if (isModelConfig(beside.text)) return beside;
    context.diagnostics.warn(`Ignoring ${beside.file}: it is no config of a language model`);
  }
  const text = await embeddedModelConfig(shortName);
  if (text !== undefined) return { text, file: `model_configs/${shortName}/config.json` };
  throw unknownModel(model, shortName);
}

/** The table of GPUs: the file given, the one beside the defaults file given, or the built-in one. */
export async function findHardware(places: FilePlaces, context: Context): Promise<NamedText> {
  if (places.hardwareConfig !== undefined) {
    return { text: await context.io.readText(places.hardwareConfig), file: places.hardwareConfig };
  }
  return await besideDefaults("hardware_config.json", places, context) ??
    { text: embeddedHardware(), file: "hardware.json" };
}

/** The part of a model id behind its organisation. */
function shortNameOf(model: string): string {
  const shortName = model.slice(model.indexOf("/") + 1);
  if (/(^|\/)\.\.?(\/|$)|^\/|^$/.test(shortName)) {
    throw new UsageError(`Cannot use ${JSON.stringify(model)} for --model: it must be no path`, {
      flag: "--model",
      hint: "write organisation/name, e.g. qwen/qwen3-14b",
    });
  }
  return shortName;
}

async function besideDefaults(
  name: string,
  { defaultsFilepath }: FilePlaces,
  { io }: Context,
): Promise<NamedText | undefined> {
  if (defaultsFilepath === undefined) return undefined;
  const file = joined(defaultsFilepath.slice(0, defaultsFilepath.lastIndexOf("/") + 1), name);
  try {
    return { text: await io.readText(file), file };
  } catch (error) {
    if (error instanceof AccessError && error.permission === undefined) return undefined;
    throw error;
  }
}

function joined(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

function unknownModel(model: string, shortName: string): UsageError {
  const similar = nearest(shortName, embeddedModels());
  return new UsageError(`Cannot find the config.json of model "${model}"`, {
    flag: "--model",
    hint: similar !== undefined
      ? `did you mean "${similar}"? Else give its folder with --model-config-folder`
      : `give its folder with --model-config-folder; built in are ${embeddedModels().join(", ")}`,
  });
}
