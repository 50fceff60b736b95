import { buildCluster, type ClusterInput } from "../../cluster/build.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { needsTokens } from "../../cluster/hashed_source.ts";
import { clusterMetrics } from "../../cluster/result.ts";
import type { JudgedRun } from "../../cluster/slo_check.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { Replay } from "../../workload/recorded/replay.ts";
import type { Context } from "../cli.ts";
import type { Flags } from "../flag_values.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { generatedWorkload } from "../resolve/generated_workload.ts";
import { type DeploymentFlags, resolveDeployment } from "../resolve/resolve.ts";
import { readTrace } from "../resolve/trace_files.ts";
import { resolveWorkload, type WorkloadFlags } from "../resolve/workload.ts";

/** A run that is ready to be simulated, with its own seed. */
export interface PreparedRun {
  readonly seed: bigint;
  readonly deployment: Deployment;
  simulate(): JudgedRun;
}

/** Flags of what is simulated. */
export type RunFlags = Flags<DeploymentFlags["values"] & WorkloadFlags["values"]>;

/** Where a recorded trace lies. */
export interface TracePaths {
  readonly traceHeader: string;
  readonly traceData: string;
}

/**
 * The same workload under `numSeeds` seeds: its own, then those after it. The seeds of runs with
 * other flags are the same, so that differences come from the flags.
 */
export async function prepareRuns(
  flags: RunFlags,
  numSeeds: number,
  context: Context,
): Promise<PreparedRun[]> {
  const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
  const prepare = async (seeded: RunFlags): Promise<PreparedRun> => {
    const workload = await resolveWorkload(seeded, defaults, context);
    const deployment = await resolveDeployment(seeded, workload.horizonUs, defaults, context);
    return {
      seed: workload.spec.seed,
      deployment,
      simulate: () => simulated(deployment, generatedWorkload(workload, deployment)),
    };
  };
  const runs = [await prepare(flags)];
  for (let i = 1; i < numSeeds; i++) runs.push(await prepare(withSeed(flags, runs[0]!.seed, i)));
  return runs;
}

/** The same of a recorded trace, whose requests come as they were recorded. */
export async function prepareReplays(
  flags: DeploymentFlags,
  trace: TracePaths,
  numSeeds: number,
  context: Context,
): Promise<PreparedRun[]> {
  const recorded = await readTrace(trace, context);
  const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
  const { values } = flags;
  const keepTokens = needsTokens(values.blockSizeInTokens);
  const runs: PreparedRun[] = [];
  for (let i = 0; i < numSeeds; i++) {
    const seed = values.seed + BigInt(i);
    const replayed = () => {
      const ids = new BlockIds();
      const options = { seed, keepTokens, ids, horizonUs: values.horizon };
      const requestTargets = recorded.header.goodputSloTargets;
      return { source: new Replay(recorded.trace, options), ids, requestTargets };
    };
    const { horizonUs } = replayed().source;
    const seeded = withSeed(flags, values.seed, i);
    const deployment = await resolveDeployment(seeded, horizonUs, defaults, context);
    runs.push({ seed, deployment, simulate: () => simulated(deployment, replayed()) });
  }
  return runs;
}

function simulated(
  deployment: Deployment,
  input: ClusterInput & Pick<JudgedRun, "requestTargets">,
): JudgedRun {
  const result = buildCluster(deployment, input).run();
  return { result, metrics: clusterMetrics(result), requestTargets: input.requestTargets };
}

/** The flags with the seed that comes `index` after the `first`; those themselves for 0. */
export function withSeed<V extends { readonly seed: bigint }>(
  flags: Flags<V>,
  first: bigint,
  index: number,
): Flags<V> {
  if (index === 0) return flags;
  const seed = first + BigInt(index);
  return { values: { ...flags.values, seed }, given: new Set([...flags.given, "seed"]) };
}
