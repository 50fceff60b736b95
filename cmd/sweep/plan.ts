import { deploymentToJson } from "../../cluster/config_json.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { ConfigError, UsageError } from "../../sim/internal/errors.ts";
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
  let digest = `${VERSION} ${seeds.join()}`;
  for (let i = 0; i < numRuns / seeds.length; i++) {
    const setting = settingAt(sweep, i);
    checkSetting(sweep, setting);
    const workload = await workloadOf(sweep, setting, seeds[0]!, context);
    const deployment = await deploymentOf(sweep, setting, workload.horizonUs, context);
    deployments.push(deployment);
    const content = [deploymentToJson(deployment), workloadToJson(workload)];
    digest = await sha256(digest + JSON.stringify(content));
  }
  const settingOf = (run: number) => Math.floor(run / seeds.length);
  const seedOf = (run: number) => seeds[run % seeds.length]!;
  return {
    numRuns,
    digest: digest.slice(0, DIGEST_DIGITS),
    at: (run) => ({
      run,
      parameters: settingAt(sweep, settingOf(run)).parameters,
      seed: seedOf(run),
    }),
    async resolve(run) {
      const i = settingOf(run);
      const seed = seedOf(run);
      const workload = await workloadOf(sweep, settingAt(sweep, i), seed, context);
      return { deployment: { ...deployments[i]!, seed }, workload };
    },
  };
}

function workloadOf(
  sweep: Sweep,
  setting: Setting,
  seed: bigint,
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
    const flags = flagsOf(setting, sweep.seeds[0]!);
    const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
    return await resolveDeployment(flags, horizonUs, defaults, context);
  });
}

/**
 * Lets an error about a flag point to where the sweep file sets it. One about another file, or about
 * several flags, tells in which setting it is.
 */
async function pointing<T>(
  { document }: Sweep,
  setting: Setting,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { parameters } = setting;
    if (error instanceof ConfigError && Object.keys(parameters).length > 0) {
      throw new ConfigError(`With ${flagsText(parameters)}: ${error.message}`, error.options);
    }
    if (!(error instanceof UsageError) || error.flag === undefined) throw error;
    throw document.error(
      setting.placeOf(camelCase(error.flag.slice(2))),
      error.message,
      error.hint,
    );
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
