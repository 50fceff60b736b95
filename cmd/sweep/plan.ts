import { deploymentToJson } from "../../cluster/config_json.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { AccessError, ConfigError, UsageError } from "../../sim/internal/errors.ts";
import type { Path } from "../../sim/internal/resolve_node.ts";
import type { Context } from "../cli.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { resolveDeployment } from "../resolve/resolve.ts";
import { sha256 } from "../resolve/sha256.ts";
import { type ResolvedWorkload, resolveWorkload } from "../resolve/workload.ts";
import { workloadToJson } from "../resolve/workload_json.ts";
import { VERSION } from "../version.ts";
import type { Sweep } from "./file.ts";
import {
  checkSetting,
  flagsOf,
  flagsText,
  numSettings,
  type Setting,
  settingAt,
} from "./settings.ts";

/** What tells a run from the others of its sweep. */
export interface PlannedRun {
  /** Place in the sweep, from 0; seeds vary fastest. */
  readonly run: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** That of its requests, whether it is stated in the sweep file or in the workload file. */
  readonly seed: bigint;
}

/** What a run simulates. */
export interface ResolvedRun {
  readonly deployment: Deployment;
  readonly workload: ResolvedWorkload;
}

/** The runs of a sweep, all checked. */
export interface SweepPlan {
  readonly numRuns: number;
  /** Tells sweeps apart: depends on the program's version and on all that is simulated. */
  readonly digest: string;
  at(run: number): PlannedRun;
  resolve(run: number): Promise<ResolvedRun>;
}

/** Nobody waits for more. */
const MAX_RUNS = 1_000_000;
const DIGEST_DIGITS = 12;

/** Resolves every setting once. Throws at the first that is wrong, naming its place in the file. */
export async function planSweep(sweep: Sweep, context: Context): Promise<SweepPlan> {
  const { document, seeds } = sweep;
  const numRuns = numSettings(sweep) * seeds.length;
  if (numRuns > MAX_RUNS) {
    throw document.error([], `Cannot plan ${numRuns} runs: the most is ${MAX_RUNS}`);
  }
  const deployments: Deployment[] = [];
  const ownSeeds: bigint[] = [];
  let digest = `${VERSION} ${seeds.join()}`;
  for (let i = 0; i < numRuns / seeds.length; i++) {
    const setting = settingAt(sweep, i);
    checkSetting(sweep, setting);
    const workload = await workloadOf(sweep, setting, seeds[0], context);
    const deployment = await deploymentOf(sweep, setting, workload.horizonUs, context);
    deployments.push(deployment);
    ownSeeds.push(workload.spec.seed);
    const content = [deploymentToJson(deployment), workloadToJson(workload)];
    digest = await sha256(digest + JSON.stringify(content));
  }
  const settingOf = (run: number) => Math.floor(run / seeds.length);
  const seedOf = (run: number) => seeds[run % seeds.length];
  return {
    numRuns,
    digest: digest.slice(0, DIGEST_DIGITS),
    at: (run) => ({
      run,
      parameters: settingAt(sweep, settingOf(run)).parameters,
      seed: seedOf(run) ?? ownSeeds[settingOf(run)]!,
    }),
    async resolve(run) {
      const i = settingOf(run);
      const seed = seedOf(run);
      const workload = await workloadOf(sweep, settingAt(sweep, i), seed, context);
      const deployment = deployments[i]!;
      return { deployment: seed === undefined ? deployment : { ...deployment, seed }, workload };
    },
  };
}

function workloadOf(
  sweep: Sweep,
  setting: Setting,
  seed: bigint | undefined,
  context: Context,
): Promise<ResolvedWorkload> {
  return pointing(sweep, setting, async () => {
    const flags = flagsOf(setting, seed);
    const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
    return await resolveWorkload(flags, defaults, context);
  });
}

function deploymentOf(
  sweep: Sweep,
  setting: Setting,
  horizonUs: number,
  context: Context,
): Promise<Deployment> {
  return pointing(sweep, setting, async () => {
    const flags = flagsOf(setting, sweep.seeds[0]);
    const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
    return await resolveDeployment(flags, horizonUs, defaults, context);
  });
}

/**
 * Lets an error point to where the sweep file sets what it is about. One about another file keeps its
 * place there, and tells in which setting it is.
 */
async function pointing<T>(
  { document }: Sweep,
  setting: Setting,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ConfigError) {
      const { file, hint } = error.options;
      const message = inSetting(setting, error.message);
      throw file === undefined
        ? document.error(placeOfModel(setting), message, hint)
        : new ConfigError(message, error.options);
    }
    const key = keyOf(error, setting);
    if (key === undefined) throw error;
    const { message, hint } = error as UsageError | AccessError;
    throw document.error(setting.placeOf(key), message, hint);
  }
}

function inSetting({ parameters }: Setting, message: string): string {
  return Object.keys(parameters).length === 0
    ? message
    : `With ${flagsText(parameters)}: ${message}`;
}

/** The flag that an error is about, as its key: it says so, or the flag names a missing file. */
function keyOf(error: unknown, { values }: Setting): string | undefined {
  if (error instanceof UsageError && error.flag !== undefined) {
    return camelCase(error.flag.slice(2));
  }
  if (!(error instanceof AccessError) || error.permission !== undefined) return undefined;
  return Object.keys(values).find((key) => values[key] === error.resource);
}

/** An error that names neither flag nor file is about the model on its GPUs: where these are chosen. */
function placeOfModel({ parameters, placeOf }: Setting): Path {
  const key = ["tp", "hardware"].find((key) => key in parameters);
  return placeOf(key ?? "model");
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
