import { z } from "zod";
import { latencyModels } from "../latency/mod.ts";
import { admissionPolicies } from "../sim/admission/mod.ts";
import { namesOf } from "../sim/internal/registry.ts";
import { PRIORITY_POLICIES } from "../sim/policy_bundle.ts";
import { preemptionPolicies } from "../sim/preemption.ts";
import { routingPolicies } from "../sim/routing/mod.ts";
import { schedulers } from "../sim/schedulers/mod.ts";
import { scorers } from "../sim/scorers/mod.ts";
import { PLAIN_PROCESSES } from "../workload/synthesize.ts";
import { grouped } from "./cli.ts";
import { LOG_LEVELS } from "./diagnostics.ts";
import { sloOptions } from "./slo_options.ts";

const INT64_MAX = 2n ** 63n - 1n;

const count = z.int().nonnegative();
const positive = z.int().positive();
const text = z.string().default("");
const path = z.string().min(1).optional().meta({ placeholder: "path" });
const outputPath = path.meta({ writes: [""] });
const coefficients = z.array(z.number().nonnegative()).optional();

/** Times in µs up to 2^63 - 1; those that no clock reaches are unlimited. */
const timeUs = z.bigint().positive().max(INT64_MAX)
  .transform((us) => us >= 2n ** 53n ? Infinity : Number(us));

const { moeCommBackend } = latencyModels["trained-physics"].config.shape;

/** Which model on which GPU, and how its steps are priced. */
export const modelOptions = grouped("Model and GPU", {
  model: z.string().min(1).describe("model id, e.g. qwen/qwen3-14b").meta({ placeholder: "id" }),
  hardware: text.describe("GPU, e.g. H100; by default that of the model in the defaults file")
    .meta({ placeholder: "gpu" }),
  tp: count.default(0)
    .describe("GPUs of an instance, tensor parallel; 0 = that of the model in the defaults file"),
  dp: positive.default(1)
    .describe("replicas of the attention layers of a MoE model; needs trained-physics"),
  enableExpertParallel: z.boolean().default(false)
    .describe("spread whole experts over the GPUs, as in vLLM; step times do not change"),
  moeCommBackend: moeCommBackend.unwrap().optional()
    .describe("how experts exchange tokens; matters for --dp > 1")
    .meta({ initial: moeCommBackend.def.defaultValue }),
  latencyModel: z.enum(namesOf(latencyModels)).optional().describe("how a step is priced")
    .meta({ initial: "roofline, or blackbox with coefficients" }),
  alphaCoeffs: coefficients.describe("coefficients of the overheads in µs; needs --beta-coeffs"),
  betaCoeffs: coefficients.describe("coefficients of the step time; needs --alpha-coeffs"),
  coefficients: path.describe("file of both, as `calibrate --fit` writes it"),
  vllmVersion: text.describe("selects among the fitted coefficients of blackbox")
    .meta({ placeholder: "version" }),
  modelConfigFolder: path.describe("folder with the config.json of the model"),
  hardwareConfig: path.describe("JSON file of GPUs, instead of the built-in table"),
  defaultsFilepath: path
    .describe("defaults file, with model_configs/ beside it, instead of the built-in data"),
});

/** One vLLM engine. */
export const engineOptions = grouped("Engine", {
  maxNumSeqs: positive.default(256).describe("most running requests")
    .meta({ aliases: ["max-num-running-reqs"] }),
  maxNumBatchedTokens: positive.default(2048).describe("most new tokens of a step")
    .meta({ aliases: ["max-num-scheduled-tokens"] }),
  longPrefillTokenThreshold: count.default(0)
    .describe("most prompt tokens of a request in a step; 0 = no limit of its own"),
  maxModelLen: count.optional()
    .describe("most tokens of prompt + output, 0 = unlimited; by default from the model config"),
  scheduler: z.enum(namesOf(schedulers)).default("fcfs").describe("order of the waiting queue"),
  priorityPolicy: z.enum(PRIORITY_POLICIES).default("constant")
    .describe("priority of a request: by SLO class unless given, else none, by age or against it"),
  preemptionPolicy: z.enum(namesOf(preemptionPolicies)).default("fcfs")
    .describe("who loses its KV blocks when they run out"),
});

/** The KV cache of an instance. */
export const kvOptions = grouped("KV cache", {
  totalKvBlocks: positive.optional()
    .describe("KV blocks of an instance; by default what fits into the memory of its GPUs"),
  blockSizeInTokens: positive.default(16).describe("tokens of a KV block"),
  gpuMemoryUtilization: z.number().gt(0).lte(1).default(0.9)
    .describe("share of the GPU memory that weights and KV blocks may fill"),
  kvCpuBlocks: count.default(0).describe("KV blocks of a CPU tier; 0 = no CPU tier"),
  kvTransferBandwidth: z.number().default(100)
    .describe("speed of the CPU tier in tokens per µs"),
  kvTransferBaseLatency: count.default(0).describe("µs that each transfer takes in any case"),
  kvOffloadThreshold: z.number().min(0).max(1).default(0.9)
    .describe("accepted for compatibility; has no effect"),
});

/** Several instances behind a router. */
export const clusterOptions = grouped("Cluster", {
  numInstances: positive.default(1).describe("instances behind the router"),
  admissionPolicy: z.enum(namesOf(admissionPolicies)).default("always-admit")
    .describe("which requests are let in"),
  tokenBucketCapacity: z.number().default(10000).describe("tokens that token-bucket can hold"),
  tokenBucketRefillRate: z.number().default(1000).describe("tokens per second that refill it"),
  admissionLatency: count.default(0).describe("µs from arrival to the admission decision"),
  routingPolicy: z.enum(namesOf(routingPolicies)).default("round-robin")
    .describe("which instance serves a request"),
  routingScorers: z.string().min(1).optional()
    .describe(`scorers of the weighted policy: ${namesOf(scorers).join(", ")}`)
    .meta({ placeholder: "name:weight,…" }),
  routingLatency: count.default(0).describe("µs from admission to the instance"),
  snapshotRefreshInterval: count.optional()
    .describe(
      "µs between two looks of the router at the instances, 0 = always fresh; by default 50000, " +
        "but 0 with the latency models of the older release: blackbox, crossmodel, trained-roofline",
    ),
  cacheSignalDelay: count.default(50000)
    .describe("µs between two looks at their prefix caches; 0 = always fresh"),
  policyConfig: path.describe("YAML file of policies; flags win over it"),
});

/** The end of the simulation, its randomness, and what is said about it. */
export const generalOptions = grouped("Simulation", {
  seed: z.bigint().min(-INT64_MAX - 1n).max(INT64_MAX).default(42n).describe("master seed"),
  horizon: timeUs.optional().describe("end of the simulated time in µs; by default none"),
  log: z.preprocess(
    (level) => typeof level === "string" ? level.toLowerCase().replace("warning", "warn") : level,
    z.enum(LOG_LEVELS),
  ).default("warn").describe("what is told on stderr").meta({ placeholder: "level" }),
});

/** Judgements of a finished run. */
export const traceOptions = grouped("Analysis", {
  traceLevel: z.enum(["none", "decisions"]).default("none")
    .describe("whether routing decisions are recorded"),
  counterfactualK: count.default(0)
    .describe("alternatives that each recorded decision is compared with"),
  summarizeTrace: z.boolean().default(false).describe("print a summary of the recorded decisions"),
  fitnessWeights: text.describe("metrics to join into one score, e.g. throughput:1,p99_ttft:2")
    .meta({ placeholder: "metric:weight,…" }),
});

/** A workload made from flags alone. */
export const workloadOptions = grouped("Workload", {
  workload: z.string().default("distribution")
    .describe(
      "distribution; a preset of the defaults file: chatbot, contentgen, …; or a mix of clients: " +
        "bursty, unfair, prefix-heavy, mixed-slo",
    )
    .meta({ placeholder: "name" }),
  workloadSpec: path.describe("YAML file of clients; wins over the other workload flags"),
  rate: z.number().positive().optional()
    .describe("requests per second, evenly spaced without --arrival-process")
    .meta({ initial: "1" }),
  arrivalProcess: z.enum(PLAIN_PROCESSES).default("constant")
    .describe("gaps between requests: all equal, or random as those of many independent users"),
  numRequests: count.default(100).describe("requests; 0 = unlimited, with a --horizon")
    .meta({ initial: "100; none with --concurrency" }),
  concurrency: count.default(0)
    .describe("users that send one request after the other, instead of --rate"),
  thinkTimeMs: count.default(0).describe("ms that such a user waits between two requests"),
  prefixTokens: count.default(0).describe("prompt tokens that all requests have in common"),
  promptTokens: z.int().default(512).describe("mean prompt length in tokens"),
  promptTokensStdev: z.int().default(256).describe("its standard deviation"),
  promptTokensMin: z.int().default(2).describe("its least value"),
  promptTokensMax: z.int().default(7000).describe("its largest value"),
  outputTokens: z.int().default(512).describe("mean output length in tokens"),
  outputTokensStdev: z.int().default(256).describe("its standard deviation"),
  outputTokensMin: z.int().default(2).describe("its least value"),
  outputTokensMax: z.int().default(7000).describe("its largest value"),
  timeout: z.int().default(300)
    .describe("seconds after which a client gives up; negative = never"),
});

/** What a run is judged by, and the files to write beside stdout. */
export const outputOptions = {
  ...sloOptions,
  ...grouped("Output", {
    output: z.enum(["text", "json"]).default("text")
      .describe(
        "what stdout gets: text, or one JSON document with everything and the configuration",
      ),
    metricsPath: outputPath.describe("JSON file of the metrics, with a list of all requests"),
    decisionsPath: outputPath
      .describe("JSON lines file of every admission and routing decision with its candidates"),
    traceOutput: path.describe(
      "trace of all requests, for replay: writes PREFIX.yaml and PREFIX.csv",
    )
      .meta({ placeholder: "prefix", writes: [".yaml", ".csv"] }),
  }),
};

/** All that describes what is simulated but not its workload. */
export const deploymentFlags = z.strictObject({
  ...modelOptions,
  ...engineOptions,
  ...kvOptions,
  ...clusterOptions,
  ...generalOptions,
  ...traceOptions,
});

/** All that describes a workload and its end. */
export const workloadFlags = z.strictObject({
  ...workloadOptions,
  seed: generalOptions.seed,
  horizon: generalOptions.horizon,
});
