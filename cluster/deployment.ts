import { z } from "zod";
import { latencyConfig } from "../latency/mod.ts";
import { admissionPolicies } from "../sim/admission/mod.ts";
import { hardwareConfig } from "../sim/hardware.ts";
import { namesOf } from "../sim/internal/registry.ts";
import { modelConfig } from "../sim/model.ts";
import { scorerList } from "../sim/policy_bundle.ts";
import { preemptionPolicies } from "../sim/preemption.ts";
import { priorities } from "../sim/priorities/mod.ts";
import { routingPolicies } from "../sim/routing/mod.ts";
import { schedulers } from "../sim/schedulers/mod.ts";

/** What `--fitness-weights` can weigh. */
export const FITNESS_METRICS = [
  "throughput",
  "tokens_per_sec",
  "p99_ttft",
  "p50_ttft",
  "mean_ttft",
  "p99_e2e",
  "p50_e2e",
  "mean_e2e",
] as const;

const positive = z.int().positive();
const count = z.int().nonnegative();

const instance = z.strictObject({
  maxNumSeqs: positive.describe("most running requests"),
  maxNumBatchedTokens: positive.describe("token budget of a step"),
  longPrefillTokenThreshold: count.describe("most prompt tokens of a request in a step; 0 = off"),
  maxModelLen: count.describe("most tokens of prompt + output; 0 = unlimited"),
  numBlocks: positive.describe("KV blocks on the GPU"),
  blockSize: positive.describe("tokens of a KV block"),
  scheduler: z.enum(namesOf(schedulers)),
  preemptionPolicy: z.enum(namesOf(preemptionPolicies)),
  priorityPolicy: z.enum(namesOf(priorities)),
  kvCpuBlocks: count.describe("KV blocks of the CPU tier; 0 = no CPU tier"),
  kvTransferBandwidth: z.number().describe("tokens per µs; > 0 with a CPU tier"),
  kvTransferBaseLatencyUs: count,
}).check(({ value: { maxModelLen, numBlocks, blockSize }, issues }) => {
  // It would be preempted whenever it fills the cache, and start over for ever.
  if (maxModelLen > numBlocks * blockSize) {
    issues.push({
      code: "custom",
      input: maxModelLen,
      path: ["maxModelLen"],
      message: `${maxModelLen} tokens do not fit into ${numBlocks} KV blocks of ${blockSize}`,
    });
  }
});

const admission = z.strictObject({
  policy: z.enum(namesOf(admissionPolicies)),
  tokenBucketCapacity: z.number().describe("tokens; > 0 for token-bucket"),
  tokenBucketRefillRate: z.number().describe("tokens/s; > 0 for token-bucket"),
  tierShedThreshold: count.describe(
    "load of the busiest instance up to which tier-shed lets all in",
  ),
  tierShedMinPriority: z.int().describe("lowest SLO priority that tier-shed lets in"),
  gaieQueueDepthThreshold: z.number().positive(),
  gaieKvUtilizationThreshold: z.number().gt(0).lte(1),
  tenantBudgets: z.record(z.string(), z.number()).describe("tenant → share in [0, 1]"),
});

const routing = z.strictObject({
  policy: z.enum(namesOf(routingPolicies)),
  scorers: scorerList.describe("of the weighted policy"),
});

/**
 * What is simulated, complete: no value is left to default. Made from flags and files by
 * `cmd/resolve/resolve.ts`; times are whole µs.
 */
export const deployment = z.strictObject({
  model: z.string().min(1).describe("model id in lower case"),
  gpu: z.string().describe("name of the GPU, empty if no file was asked for it"),
  tp: count.describe("GPUs of an instance; 0 where a blackbox model needs none"),
  dp: positive.describe("replicas of the attention layers of a MoE model; 1 for a dense one"),
  modelConfig: modelConfig.describe("all 0 where a blackbox model needs none"),
  hardware: hardwareConfig.describe("all 0 where a blackbox model needs none"),
  latency: latencyConfig,
  seed: z.bigint().describe("of all random streams but those of the workload"),
  horizonUs: z.int().positive().or(z.literal(Infinity)).describe("Infinity = unlimited"),
  numInstances: positive,
  instance,
  admission,
  routing,
  admissionLatencyUs: count,
  routingLatencyUs: count,
  snapshotRefreshIntervalUs: count.describe("age limit of what the router sees; 0 = always fresh"),
  cacheSignalDelayUs: count.describe("age limit of the cache signal; 0 = always fresh"),
  sloPriorities: z.record(z.string(), z.int()).describe("SLO class → urgency, over the defaults"),
  traceLevel: z.enum(["none", "decisions"]),
  counterfactualK: count.describe("alternatives that each traced decision is compared with"),
  summarizeTrace: z.boolean(),
  fitnessWeights: z.partialRecord(z.enum(FITNESS_METRICS), z.number().nonnegative()),
});

/** See {@link deployment}. */
export type Deployment = Readonly<z.infer<typeof deployment>>;
