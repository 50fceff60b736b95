import { z } from "zod";
import { SLO_PRIORITIES } from "../sim/slo.ts";

/** SLO classes of version 1 and what they are called today. */
export const OLD_SLO_CLASSES: Readonly<Record<string, string>> = {
  realtime: "critical",
  interactive: "standard",
};

const CATEGORIES = ["", "language", "multimodal", "reasoning"] as const;
const SLO_CLASSES = ["", ...Object.keys(SLO_PRIORITIES)];
const ANY_SLO_CLASSES = [...SLO_CLASSES, ...Object.keys(OLD_SLO_CLASSES)];
const MAX_POPULATION = 100_000;

/** The most rounds of a session, of which all are drawn at its start. */
export const MAX_ROUNDS = 1_000_000;

/** The most clients of a workload, members of cohorts included. */
export const MAX_CLIENTS = 1_000_000;

const text = () => z.string().default("");
const flag = () => z.boolean().default(false);
const count = () => z.int().min(0).default(0);
/** 64 bits, since "never" is often written as the largest integer. */
const micros = () => z.bigint().transform(Number);
const microsFromZero = () => z.bigint().min(0n).transform(Number);

const arrival = z.strictObject({
  process: text().describe("how the requests follow each other"),
  cv: z.number().optional().describe("coefficient of variation of the gaps, for gamma and weibull"),
  shape: z.number().optional().describe("shape of the gaps; with scale instead of cv and rate"),
  scale: z.number().optional().describe("scale of the gaps in µs"),
});

/** A distribution of lengths. */
export const distribution = z.strictObject({
  type: text().describe("its form, which decides what params it takes"),
  params: z.record(z.string(), z.number()).default({}).describe("parameters of the type, by name"),
  file: text().describe("has no effect"),
});
const noDistribution = () => distribution.default({ type: "", params: {}, file: "" });

const lifecycleWindow = z.strictObject({
  start_us: microsFromZero().describe("active from here on, µs"),
  end_us: micros().describe("active until before, µs"),
  trace_rate: z.number().optional().describe("requests/s in this window"),
  arrival: arrival.optional().describe("arrivals in this window"),
  input_distribution: distribution.optional().describe("prompt tokens in this window"),
  output_distribution: distribution.optional().describe("output tokens in this window"),
});

const multimodal = z.strictObject({
  text_distribution: noDistribution().describe("text tokens of a request"),
  image_distribution: noDistribution().describe("tokens of an image"),
  image_count_distribution: noDistribution().describe("images of a request"),
  audio_distribution: noDistribution().describe("tokens of an audio clip"),
  audio_count_distribution: noDistribution().describe("audio clips of a request"),
  video_distribution: noDistribution().describe("tokens of a video"),
  video_count_distribution: noDistribution().describe("videos of a request"),
});

/** Sessions of several rounds. */
export const multiTurn = z.strictObject({
  max_rounds: z.int().min(1).max(MAX_ROUNDS).describe("rounds of a session"),
  think_time_us: z.int().default(0).describe("pause of the user between rounds, µs"),
  context_growth: text().describe(
    "accumulate: a round repeats all that went before it; nothing else has an effect",
  ),
  single_session: flag().describe("one session instead of a stream of them"),
});

const reasoning = z.strictObject({
  reason_ratio_distribution: noDistribution().describe("share of reasoning in the output, percent"),
  multi_turn: multiTurn.optional().describe("sessions; single requests, if left out"),
});

/** The way to the client, which a simulation leaves out. */
export const network = z.strictObject({
  rtt_ms: z.number().default(0).describe("round trip to the client, ms; has no effect"),
  bandwidth_mbps: z.number().default(0).describe("bandwidth to the client; has no effect"),
});

/** A client. */
export const client = z.strictObject({
  id: text().describe("name of the client"),
  tenant_id: text().describe("whose requests they are: a label"),
  slo_class: z.enum(ANY_SLO_CLASSES).default("")
    .describe("how urgent its requests are; the last two are names of version 1"),
  model: text().describe("model that is asked for; any, if left out"),
  adapter: text().describe("LoRA adapter"),
  rate_fraction: z.number().default(0).describe("share of the rate, relative to other clients"),
  concurrency: count().describe("virtual users that wait for each answer, instead of a rate"),
  think_time_us: z.int().min(0).default(0).describe("pause of a virtual user, µs"),
  arrival: arrival.default({ process: "" }).describe("when requests, or sessions, arrive"),
  input_distribution: noDistribution().describe("prompt tokens"),
  output_distribution: noDistribution().describe("output tokens"),
  prefix_group: text().describe("clients of a group start their prompts with the same tokens"),
  prefix_length: count().describe("tokens of that prefix, in a prefix_group alone; 0 = 50"),
  streaming: flag().describe("answers come token by token: a label"),
  network: network.optional().describe("the way to the client; has no effect"),
  lifecycle: z.strictObject({
    windows: z.array(lifecycleWindow).default([]).describe("stretches of time"),
  }).optional().describe("when the client is active; always, if left out"),
  multimodal: multimodal.optional().describe("images, audio and video in the prompts"),
  reasoning: reasoning.optional().describe("reasoning in the answers, and sessions"),
  timeout: microsFromZero().optional().describe("gives up after this many µs; 0 = never"),
  slo_target_us: z.int().min(0).optional().describe("TTFT target, µs"),
  closed_loop: z.boolean().optional().describe("later rounds wait for the answer; default true"),
});

/** Clients that differ in their number only. */
export const cohort = z.strictObject({
  id: text().describe("members are named id-0, id-1, …"),
  population: z.int().min(1).max(MAX_POPULATION).describe("members"),
  tenant_id: text().describe("whose requests they are: a label"),
  slo_class: z.enum(SLO_CLASSES).default("").describe("how urgent their requests are"),
  model: text().describe("model that is asked for; any, if left out"),
  adapter: text().describe("LoRA adapter"),
  arrival: arrival.default({ process: "" }).describe("when requests, or sessions, arrive"),
  input_distribution: noDistribution().describe("prompt tokens"),
  output_distribution: noDistribution().describe("output tokens"),
  prefix_group: text().describe("members start their prompts with the same tokens"),
  prefix_sharing: z.enum(["", "shared", "per_member"]).default("")
    .describe("one prefix for all members, or one each"),
  streaming: flag().describe("answers come token by token: a label"),
  rate_fraction: z.number().positive().describe("share of the rate of the whole cohort"),
  diurnal: z.strictObject({
    peak_hour: z.int().min(0).max(23).default(0).describe("hour of the most active time"),
    peak_to_trough_ratio: z.number().min(1).describe("active time then over the least"),
  }).optional().describe("active time follows the hour of a day"),
  spike: z.strictObject({
    start_time_us: microsFromZero().default(0).describe("its start, µs"),
    duration_us: z.bigint().min(1n).transform(Number).describe("its length, µs"),
    trace_rate: z.number().optional().describe("requests/s of the whole cohort"),
  }).optional().describe("active for one stretch of time"),
  drain: z.strictObject({
    start_time_us: microsFromZero().default(0).describe("when it begins, µs"),
    ramp_duration_us: z.bigint().min(1n).transform(Number).describe("until all is quiet, µs"),
  }).optional().describe("active time dies down in ten steps"),
  prefix_length: count().describe("tokens of the prefix, in a prefix_group alone; 0 = 50"),
  reasoning: reasoning.optional().describe("reasoning in the answers, and sessions"),
  closed_loop: z.boolean().optional().describe("later rounds wait for the answer; default true"),
  timeout: microsFromZero().optional().describe("gives up after this many µs; 0 = never"),
  slo_target_us: z.int().min(0).optional().describe("TTFT target, µs"),
  network: network.optional().describe("the way to the client; has no effect"),
  multimodal: multimodal.optional().describe("images, audio and video in the prompts"),
});

const servegenData = z.strictObject({
  path: text().describe("folder of chunk-*-trace.csv and chunk-*-dataset.json"),
  window_duration_secs: z.int().default(0).describe("length of a period, s; 0 or less = 600"),
  drain_timeout_secs: z.int().default(0).describe("pause between periods, s; below 0 = 180"),
  time_window: text().describe("has no effect"),
  span_start: z.int().default(0).describe("has no effect"),
  span_end: z.int().default(0).describe("has no effect"),
});

const inferencePerf = z.strictObject({
  stages: z.array(z.strictObject({
    rate: z.number().positive().describe("requests/s"),
    duration: z.int().min(1).describe("s"),
  })).min(1).describe("one after the other"),
  shared_prefix: z.strictObject({
    num_unique_system_prompts: z.int().min(1).describe("prefix groups"),
    num_users_per_system_prompt: z.int().min(1).describe("clients of a group"),
    system_prompt_len: count().describe("tokens of the prefix; 0 = 50"),
    question_len: count().describe("prompt tokens after the prefix"),
    output_len: count().describe("output tokens"),
    enable_multi_turn_chat: flag().describe("each client has one session, not single requests"),
  }).describe("who asks what"),
});

const goodputTargets = z.strictObject({
  ttft_ms: z.number().default(0).describe("most time to the first token, ms; 0 = any"),
  itl_ms: z.number().default(0).describe("most time between two tokens, ms; 0 = any"),
  e2e_ms: z.number().default(0).describe("most time to the last token, ms; 0 = any"),
});

/**
 * The keys of a workload file, in the order in which they are written. Rules between keys are in
 * rules.ts.
 */
export const workloadFields = z.strictObject({
  version: text().describe('"2"; "1" or nothing is upgraded, anything else read as "2"'),
  seed: z.bigint().default(0n).describe("seed of all random draws, 64 bits"),
  category: z.enum(CATEGORIES).default("").describe("a label"),
  clients: z.array(client).default([]).describe("who sends requests"),
  cohorts: z.array(cohort).default([]).describe("clients that differ in their number only"),
  aggregate_rate: z.number().default(0).describe(
    "requests/s of all clients; 0 = each window's own",
  ),
  horizon: micros().default(0).describe("end of the simulation, µs; 0 = none"),
  num_requests: count().describe(
    "most requests, but later rounds of a session that waits for answers come on top; 0 = no limit",
  ),
  servegen_data: servegenData.optional().describe("measured clients, instead of a list of them"),
  inference_perf: inferencePerf.optional().describe("a load of inference-perf, instead of clients"),
  goodput_slo_targets: z.record(z.string(), goodputTargets).optional()
    .describe("latency targets by SLO class"),
});
