import { embeddedHardware, embeddedModelConfig, embeddedModels } from "../../data/mod.ts";
import { isModelConfig } from "../../latency/mod.ts";
import { AccessError, UsageError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import type { Context } from "../cli.ts";
import type { Defaults } from "./defaults_file.ts";
import { configUrl, fetchConfig, isRepo } from "./hugging_face.ts";
import type { Permission } from "../io.ts";

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

/** What it may take to find the config.json of a model: nothing but for one that is fetched. */
export function modelPermissions(
  { model, modelConfigFolder }: FilePlaces & { readonly model: string },
): Permission[] {
  const isAtHand = model === "" || modelConfigFolder !== undefined ||
    embeddedModels().includes(shortNameOf(model.toLowerCase()));
  return isAtHand ? [] : ["net", "env", "write"];
}

/**
 * The config.json of a model, by its id in lower case: from the folder given, from model_configs/
 * beside the defaults file (without one: in the current folder), built in, or from HuggingFace.
 * What is fetched is kept in model_configs/. Throws if there is none.
 */
export async function findModelConfig(
  model: string,
  places: FilePlaces,
  defaults: Defaults,
  context: Context,
): Promise<NamedText> {
  if (places.modelConfigFolder !== undefined) {
    const file = joined(places.modelConfigFolder, "config.json");
    return { text: await context.io.readText(file), file };
  }
  const shortName = shortNameOf(model);
  requireNoPath(shortName, model);
  const file = joined(folderOf(places), `model_configs/${shortName}/config.json`);
  const kept = await readIfThere(file, places, context);
  if (kept !== undefined) {
    if (isModelConfig(kept)) return { text: kept, file };
    context.diagnostics.warn(`Ignoring ${file}: it is no config of a language model`);
  }
  const text = await embeddedModelConfig(shortName);
  if (text !== undefined) return { text, file: `model_configs/${shortName}/config.json` };
  return await fetched(model, file, defaults, context);
}

/** The table of GPUs: the file given, the one beside the defaults file given, or the built-in one. */
export async function findHardware(places: FilePlaces, context: Context): Promise<NamedText> {
  if (places.hardwareConfig !== undefined) {
    return { text: await context.io.readText(places.hardwareConfig), file: places.hardwareConfig };
  }
  const builtIn = { text: embeddedHardware(), file: "hardware.json" };
  if (places.defaultsFilepath === undefined) return builtIn;
  const file = joined(folderOf(places), "hardware_config.json");
  const text = await readIfThere(file, places, context);
  return text === undefined ? builtIn : { text, file };
}

async function fetched(
  model: string,
  file: string,
  defaults: Defaults,
  context: Context,
): Promise<NamedText> {
  const repo = defaults.section("defaults")[model]?.hf_repo || model;
  if (!isRepo(repo)) throw unknownModel(model);
  const text = await fetchConfig(repo, context.io).catch((error) => {
    throw error instanceof AccessError ? notFetched(error, { model, repo, file }) : error;
  });
  return await keep(text, file, configUrl(repo), context);
}

/** Keeps a fetched text for the next run, if it may. */
async function keep(
  text: string,
  file: string,
  url: string,
  { io, diagnostics }: Context,
): Promise<NamedText> {
  try {
    await io.createFolder(file.slice(0, file.lastIndexOf("/")));
    await io.writeFile(file, [text]);
    diagnostics.note(`Fetched ${url} and kept it as ${file}`);
    return { text, file };
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    const folder = file.slice(0, file.indexOf("model_configs") + "model_configs".length);
    diagnostics.warn(
      `Fetched ${url}, which the next run has to do again: ${file} cannot be written`,
      error.permission === undefined ? error.message : `run with --allow-write=${folder}`,
    );
    return { text, file: url };
  }
}

/** The part of a model id behind its organisation. */
function shortNameOf(model: string): string {
  return model.slice(model.indexOf("/") + 1);
}

function requireNoPath(shortName: string, model: string): void {
  if (!/(^|\/)\.\.?(\/|$)|^\/|^$/.test(shortName)) return;
  throw new UsageError(`Cannot use ${JSON.stringify(model)} for --model: it must be no path`, {
    flag: "--model",
    hint: "write organisation/name, e.g. qwen/qwen3-14b",
  });
}

/** The folder of the defaults file given; without one the current folder. */
function folderOf({ defaultsFilepath = "" }: FilePlaces): string {
  return defaultsFilepath.slice(0, defaultsFilepath.lastIndexOf("/") + 1);
}

async function readIfThere(
  file: string,
  { defaultsFilepath }: FilePlaces,
  { io }: Context,
): Promise<string | undefined> {
  try {
    return await io.readText(file);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    // A file in the current folder that nobody spoke of is no reason to ask for a permission.
    if (error.permission === undefined || defaultsFilepath === undefined) return undefined;
    throw error;
  }
}

function joined(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

function notFetched(
  error: AccessError,
  { model, repo, file }: { model: string; repo: string; file: string },
): AccessError {
  const { message, resource, permission, hint } = error;
  const steps = [
    similarTo(model),
    hint,
    `without a network: save ${configUrl(repo)} as ${file}, or give its folder with ` +
    "--model-config-folder",
  ];
  return new AccessError(`Cannot find the config.json of model "${model}": ${message}`, {
    ...(resource !== undefined && { resource }),
    ...(permission !== undefined && { permission }),
    hint: steps.filter((step) => step !== undefined).join("; "),
  });
}

function unknownModel(model: string): UsageError {
  return new UsageError(`Cannot find the config.json of model "${model}"`, {
    flag: "--model",
    hint: `${similarTo(model) ?? "write organisation/name as on HuggingFace"}; ` +
      "blis models lists those that are built in, --model-config-folder takes any other",
  });
}

function similarTo(model: string): string | undefined {
  const similar = nearest(shortNameOf(model), embeddedModels());
  return similar === undefined ? undefined : `perhaps "${similar}" is meant`;
}
