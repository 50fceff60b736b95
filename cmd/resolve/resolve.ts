import type { z } from "zod";
import { type Deployment, deployment, FITNESS_METRICS } from "../../cluster/deployment.ts";
import type { LatencyModelName } from "../../latency/mod.ts";
import { parseDocument } from "../../sim/internal/document.ts";
import { UsageError } from "../../sim/internal/errors.ts";
import { namesOf } from "../../sim/internal/registry.ts";
import { type PolicyBundle, policyBundle } from "../../sim/policy_bundle.ts";
import { scorers } from "../../sim/scorers/mod.ts";
import { PARSED_ONCE } from "../../sim/internal/parse_once.ts";
import type { Context } from "../cli.ts";
import { withCoefficients } from "./coefficients_file.ts";
import type { Defaults } from "./defaults_file.ts";
import type { Flags } from "../flag_values.ts";
import type { Io } from "../io.ts";
import { warnOfNoEffect } from "./no_effect.ts";
import { parseNameWeights } from "./name_weights.ts";
import type { deploymentFlags } from "../options.ts";
import { resolveModel } from "./model.ts";

/** The flags that describe what is simulated. */
export type DeploymentFlags = Flags<z.output<typeof deploymentFlags>>;

/** Scorers of the weighted policy where neither flag nor bundle names any. */
const DEFAULT_SCORERS = [
  { name: "precise-prefix-cache", weight: 2 },
  { name: "queue-depth", weight: 1 },
  { name: "kv-utilization", weight: 1 },
];
/** Sheddable classes are let in only below this priority. */
const DEFAULT_TIER_SHED_MIN_PRIORITY = 3;

/** Latency models whose oracle is the older release of the reference, in which the router saw everything at once. */
const FRESH_SNAPSHOT_MODES: readonly LatencyModelName[] = [
  "blackbox",
  "crossmodel",
  "trained-roofline",
];
const DEFAULT_REFRESH_INTERVAL_US = 50_000;

/** Lays the flags over the policy file, and both over the defaults; `horizonUs` ends the run. */
export async function resolveDeployment(
  flags: DeploymentFlags,
  horizonUs: number,
  defaults: Defaults,
  context: Context,
): Promise<Deployment> {
  const { values } = flags;
  const bundle = await readBundle(values.policyConfig, context.io);
  const { model, gpu, tp, dp, modelConfig, hardware, latency, numBlocks, maxModelLen } =
    await resolveModel(await withCoefficients(values, context.io), defaults, context);
  const resolved = deployment.parse({
    model,
    gpu,
    tp,
    dp,
    modelConfig,
    hardware,
    latency,
    seed: values.seed,
    horizonUs,
    numInstances: values.numInstances,
    instance: instanceOf(flags, bundle, { numBlocks, maxModelLen }),
    admission: admissionOf(flags, bundle),
    routing: routingOf(flags, bundle),
    admissionLatencyUs: values.admissionLatency,
    routingLatencyUs: values.routingLatency,
    snapshotRefreshIntervalUs: values.snapshotRefreshInterval ?? refreshIntervalOf(latency.mode),
    cacheSignalDelayUs: values.cacheSignalDelay,
    sloPriorities: bundle.admission.slo_priorities ?? {},
    traceLevel: values.traceLevel,
    counterfactualK: values.counterfactualK,
    summarizeTrace: values.summarizeTrace,
    fitnessWeights: fitnessWeightsOf(values.fitnessWeights),
  }, PARSED_ONCE);
  warnOfNoEffect({ flags, bundle, resolved }, context);
  return resolved;
}

function refreshIntervalOf(mode: LatencyModelName): number {
  return FRESH_SNAPSHOT_MODES.includes(mode) ? 0 : DEFAULT_REFRESH_INTERVAL_US;
}

async function readBundle(path: string | undefined, io: Io): Promise<PolicyBundle> {
  if (path === undefined) return policyBundle.parse({}, PARSED_ONCE);
  return parseDocument(await io.readText(path), path).decode(policyBundle);
}

/** A flag that was given, else the bundle's value, else the default of the flag. */
function overlaid<K extends keyof DeploymentFlags["values"]>(
  { values, given }: DeploymentFlags,
  key: K,
  fromBundle: DeploymentFlags["values"][K] | undefined,
): DeploymentFlags["values"][K] {
  return given.has(key) || fromBundle === undefined ? values[key] : fromBundle;
}

function instanceOf(
  flags: DeploymentFlags,
  bundle: PolicyBundle,
  sizes: { readonly numBlocks: number; readonly maxModelLen: number },
): unknown {
  const { values, given } = flags;
  const fromBundle = bundle.priority.policy;
  return {
    ...sizes,
    maxNumSeqs: values.maxNumSeqs,
    maxNumBatchedTokens: values.maxNumBatchedTokens,
    longPrefillTokenThreshold: values.longPrefillTokenThreshold,
    blockSize: values.blockSizeInTokens,
    scheduler: overlaid(flags, "scheduler", bundle.scheduler),
    preemptionPolicy: overlaid(flags, "preemptionPolicy", bundle.preemption.policy),
    priorityPolicy: given.has("priorityPolicy")
      ? values.priorityPolicy
      : fromBundle === undefined || fromBundle === "constant"
      ? "slo-class"
      : fromBundle,
    kvCpuBlocks: values.kvCpuBlocks,
    kvTransferBandwidth: values.kvTransferBandwidth,
    kvTransferBaseLatencyUs: values.kvTransferBaseLatency,
  };
}

function admissionOf(flags: DeploymentFlags, bundle: PolicyBundle): unknown {
  const { admission } = bundle;
  const policy = overlaid(flags, "admissionPolicy", admission.policy);
  const capacity = overlaid(flags, "tokenBucketCapacity", admission.token_bucket_capacity);
  const refillRate = overlaid(flags, "tokenBucketRefillRate", admission.token_bucket_refill_rate);
  if (policy === "token-bucket") {
    requirePositive(capacity, "--token-bucket-capacity");
    requirePositive(refillRate, "--token-bucket-refill-rate");
  }
  const shedsByBundle = admission.policy === "tier-shed";
  return {
    policy,
    tokenBucketCapacity: capacity,
    tokenBucketRefillRate: refillRate,
    tierShedThreshold: admission.tier_shed_threshold ?? 0,
    tierShedMinPriority: admission.tier_shed_min_priority ??
      (shedsByBundle ? DEFAULT_TIER_SHED_MIN_PRIORITY : 0),
    gaieQueueDepthThreshold: admission.gaie_qd_threshold ?? 5,
    gaieKvUtilizationThreshold: admission.gaie_kv_threshold ?? 0.8,
    tenantBudgets: bundle.tenant_budgets,
  };
}

/** The bundle may hold a value that only this policy refuses, so the schema cannot. */
function requirePositive(value: number, flag: string): void {
  if (value > 0) return;
  throw new UsageError(`Cannot use ${value} for ${flag}: it must be > 0 for token-bucket`, {
    flag,
  });
}

function routingOf(flags: DeploymentFlags, bundle: PolicyBundle): unknown {
  const policy = overlaid(flags, "routingPolicy", bundle.routing.policy);
  if (policy !== "weighted") return { policy, scorers: [] };
  const fromFlag = parseNameWeights(flags.values.routingScorers ?? "", {
    flag: "--routing-scorers",
    names: namesOf(scorers),
    allowsZero: false,
  });
  requireDistinct(fromFlag.map(({ name }) => name));
  const given = fromFlag.length > 0 ? fromFlag : bundle.routing.scorers;
  return { policy, scorers: given.length > 0 ? given : DEFAULT_SCORERS };
}

function requireDistinct(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new UsageError(`Scorer "${twice}" appears twice in --routing-scorers`, {
    flag: "--routing-scorers",
  });
}

function fitnessWeightsOf(text: string): Record<string, number> {
  const items = parseNameWeights(text, {
    flag: "--fitness-weights",
    names: FITNESS_METRICS,
    allowsZero: true,
  });
  return Object.fromEntries(items.map(({ name, weight }) => [name, weight]));
}
