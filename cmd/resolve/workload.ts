import type { z } from "zod";
import { UsageError } from "../../sim/internal/errors.ts";
import { presetWorkload } from "../../workload/presets.ts";
import { scenarios } from "../../workload/scenarios.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import { type LengthRange, type Pace, synthesize } from "../../workload/synthesize.ts";
import type { Context } from "../cli.ts";
import type { Defaults } from "./defaults_file.ts";
import { type Flags, kebabCase } from "../flag_values.ts";
import { findNamedWorkload, scenarioWorkload } from "./named_workload.ts";
import type { workloadFlags } from "../options.ts";

/** The flags that describe a workload. */
export type WorkloadFlags = Flags<z.output<typeof workloadFlags>>;

/** A workload and what bounds it. */
export interface ResolvedWorkload {
  readonly spec: WorkloadSpec;
  /** End of the simulated time in µs; Infinity = none. */
  readonly horizonUs: number;
  /** The most requests; 0 = no limit. */
  readonly maxRequests: number;
  /** Replaces the timeout of each client, in µs; undefined = each has its own. */
  readonly timeoutUs: number | undefined;
}

/** The workload of the flags: from a spec file, of virtual users, of a distribution or a preset. */
export async function resolveWorkload(
  flags: WorkloadFlags,
  defaults: Defaults,
  context: Context,
): Promise<ResolvedWorkload> {
  const { values, given } = flags;
  const isFromFile = values.workloadSpec !== undefined;
  const spec = isFromFile ? await readSpec(flags, context) : plainSpec(flags, defaults);
  warnOfUnused(flags, context);
  const horizonUs = values.horizon ?? unlimitedIfZero(spec.horizonUs);
  const maxRequests = given.has("numRequests") ? values.numRequests : spec.numRequests;
  if (maxRequests <= 0 && horizonUs === Infinity) {
    throw new UsageError("The workload has no end", {
      flag: "--num-requests",
      hint: "give --num-requests or --horizon",
    });
  }
  const hasTimeout = !isFromFile || given.has("timeout");
  const timeoutUs = values.timeout < 0 ? Infinity : values.timeout * 1e6;
  return { spec, horizonUs, maxRequests, timeoutUs: hasTimeout ? timeoutUs : undefined };
}

async function readSpec({ values, given }: WorkloadFlags, context: Context): Promise<WorkloadSpec> {
  const path = values.workloadSpec!;
  const { readWorkload, withServegenData } = await import("./workload_file.ts");
  const spec = await readWorkload(path, context);
  // The seed first: it also decides how ServeGen data are dealt to SLO classes.
  const seeded = given.has("seed") ? { ...spec, seed: values.seed } : spec;
  return await withServegenData(seeded, path, context);
}

function plainSpec({ values, given }: WorkloadFlags, defaults: Defaults): WorkloadSpec {
  const { seed, concurrency, thinkTimeMs, rate = 1, arrivalProcess: process } = values;
  const hasUsers = concurrency > 0;
  const pace: Pace = hasUsers
    ? { concurrency, thinkTimeUs: thinkTimeMs * 1000 }
    : { ratePerSecond: rate, process };
  const numRequests = hasUsers && !given.has("numRequests") ? 0 : values.numRequests;
  const load = { seed, pace, numRequests };
  if (!hasUsers && values.workload !== "distribution") {
    const named = findNamedWorkload(values.workload, defaults, {
      flag: "--workload",
      otherNames: ["distribution"],
      hint: "--workload-spec takes a file of your own",
    });
    return "preset" in named
      ? synthesize(presetWorkload(named.preset, load))
      : scenarioWorkload(named.clients, { ...load, ratePerSecond: rate });
  }
  return synthesize({
    ...load,
    prefixTokens: values.prefixTokens,
    prompt: lengthsOf(values, "prompt"),
    output: lengthsOf(values, "output"),
  });
}

function lengthsOf(values: WorkloadFlags["values"], kind: "prompt" | "output"): LengthRange {
  return {
    mean: values[`${kind}Tokens`],
    stdDev: values[`${kind}TokensStdev`],
    min: values[`${kind}TokensMin`],
    max: values[`${kind}TokensMax`],
  };
}

/** A file may say "never" with 0 or with a time that no clock reaches. */
function unlimitedIfZero(us: number): number {
  return us <= 0 || us >= 2 ** 53 ? Infinity : us;
}

const LENGTH_FLAGS = ["prompt", "output"].flatMap((kind) =>
  ["Tokens", "TokensStdev", "TokensMin", "TokensMax"].map((part) => `${kind}${part}`)
);

function warnOfUnused({ values, given }: WorkloadFlags, { diagnostics }: Context): void {
  const { workloadSpec, workload, concurrency } = values;
  const isPreset = concurrency === 0 && workload !== "distribution";
  const ownProcess = Object.hasOwn(scenarios, workload) ? ["arrivalProcess"] : [];
  const unused = workloadSpec !== undefined
    ? ["workload", "rate", "arrivalProcess", "thinkTimeMs", "prefixTokens", ...LENGTH_FLAGS]
    : isPreset
    ? [...ownProcess, "thinkTimeMs", "prefixTokens", ...LENGTH_FLAGS]
    : concurrency > 0
    ? ["workload", "arrivalProcess"]
    : ["thinkTimeMs"];
  const source = workloadSpec ?? (isPreset ? `preset ${workload}` : "this kind of workload");
  for (const key of unused.filter((key) => given.has(key))) {
    diagnostics.warn(`--${kebabCase(key)} has no effect with ${source}`);
  }
}
