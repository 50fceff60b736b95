import { z } from "zod";
import { grouped } from "../cli.ts";
import { checkWorkloadFlags } from "../flag_rules.ts";
import { API_FORMATS } from "./body.ts";
import { generalOptions, modelOptions, workloadOptions } from "../options.ts";

/** Where the key of a server is read from. */
export const API_KEY_VARIABLE = "OPENAI_API_KEY";

const MAX_TIMEOUT_S = 86_400;

const count = z.int().nonnegative();
const path = z.string().min(1).meta({ placeholder: "path", writes: [""] });

const serverOptions = grouped("Server", {
  serverUrl: z.string().refine(isHttpUrl, "it must be an http:// or https:// address")
    .describe("address of an OpenAI-compatible server").meta({ placeholder: "url" }),
  model: z.string().min(1).describe("model that the server is asked for")
    .meta({ placeholder: "id" }),
  traceHeader: path.describe("YAML file that describes the trace, written at the end"),
  traceData: path.describe("CSV file of the trace, a row for each request"),
  apiFormat: z.enum(API_FORMATS).default("completions").describe("endpoint that is asked"),
  apiKey: z.string().optional()
    .describe(`not accepted, for others could see it: set ${API_KEY_VARIABLE} instead`),
  serverType: z.string().default("vllm").describe("what the trace says that the server is")
    .meta({ placeholder: "name" }),
  rttMs: z.number().nonnegative().default(0)
    .describe("network round trip to it in ms, for calibrate"),
  timeout: z.int().min(1).max(MAX_TIMEOUT_S).default(300)
    .describe("seconds after which a request is given up"),
});

const requestOptions = grouped("Requests", {
  maxConcurrency: z.int().positive().optional().describe("most requests on their way at once")
    .meta({ initial: "256, or that of --concurrency" }),
  warmupRequests: count.default(0).describe("first requests that are sent but not recorded"),
  noStreaming: z.boolean().default(false).describe("ask for whole answers"),
  unconstrainedOutput: z.boolean().default(false)
    .describe("let the model end its outputs where it likes"),
  minTokens: count.default(0)
    .describe("least output tokens, instead of exactly as many as the workload says"),
  ignoreEos: z.boolean().default(false)
    .describe("ask the server to go on after an end-of-sequence token"),
});

const recordOptions = grouped("Output", {
  recordItl: z.boolean().default(false)
    .describe("write when each chunk came; streams every answer"),
  itlOutput: path.optional().describe("CSV file of these times")
    .meta({ ...path.meta(), initial: "the trace data with .itl.csv for .csv" }),
});

/** The flags of `observe`. */
export const observeOptions = z.strictObject({
  ...serverOptions,
  ...workloadOptions,
  ...requestOptions,
  ...recordOptions,
  ...grouped("Workload", {
    numRequests: count.default(0).describe("requests; 0 = as the spec says, or until --horizon"),
    rate: workloadOptions.rate.meta({ initial: "" }),
    horizon: z.bigint().nonnegative().transform(horizonUs).optional()
      .describe("time in µs after which nothing new is sent"),
    seed: generalOptions.seed.describe("seed of the workload"),
    defaultsFilepath: modelOptions.defaultsFilepath
      .describe("defaults file with the presets, instead of the built-in one"),
  }),
  timeout: serverOptions.timeout,
}).check(checkKey, checkRecording, checkSource, checkWorkloadFlags);

/** What the flags of `observe` say. */
export type ObserveValues = z.output<typeof observeOptions>;

type Payload<T> = z.core.ParsePayload<T>;

function checkKey(payload: Payload<ObserveValues>): void {
  if (payload.value.apiKey === undefined) return;
  const message = "Cannot take a key from the command line, where others can see it";
  refuse(payload, "apiKey", message, `set ${API_KEY_VARIABLE}`);
}

function checkRecording(payload: Payload<ObserveValues>): void {
  if (!payload.value.recordItl || !payload.value.noStreaming) return;
  refuse(payload, "recordItl", "Cannot use --record-itl and --no-streaming together");
}

function checkSource(payload: Payload<ObserveValues>): void {
  const { workload, workloadSpec, rate, concurrency } = payload.value;
  const isPreset = workload !== "distribution";
  if (isPreset && workloadSpec !== undefined) {
    refuse(payload, "workload", "Cannot use --workload and --workload-spec together");
  } else if (isPreset && concurrency > 0) {
    refuse(payload, "concurrency", "Cannot use --concurrency and --workload together");
  } else if (isPreset && rate === undefined) {
    refuse(payload, "workload", "Cannot use --workload without --rate");
  } else if (workloadSpec === undefined && rate === undefined && concurrency === 0) {
    const hint = "give --rate, --concurrency, --workload with --rate, or --workload-spec";
    refuse(payload, "rate", "There is nothing to send", hint);
  }
}

function refuse(
  payload: Payload<ObserveValues>,
  key: keyof ObserveValues,
  message: string,
  hint?: string,
): void {
  const { value: input } = payload;
  payload.issues.push({ code: "custom", input, path: [key], message, params: { hint } });
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Undefined leaves the end to the workload. */
function horizonUs(us: bigint): number | undefined {
  if (us === 0n) return undefined;
  return us >= 2n ** 53n ? Infinity : Number(us);
}
