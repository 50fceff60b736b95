import { z } from "zod";
import { parseDocument, toYaml } from "../../sim/internal/document.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { type FromFile, fromFile, toFile } from "../file_keys.ts";

/** The newest version of the format, in which ours are written. */
const TRACE_VERSION = 3;
/** What a `time_unit` may be; nothing says the same. */
const MICROSECONDS = ["", "microseconds", "us", "µs"];

const text = (description: string) => z.string().default("").describe(description);
const count = () => z.int().default(0);

const server = z.strictObject({
  type: text("engine, e.g. vllm"),
  model: text("model that it served"),
  tensor_parallel: count(),
  max_num_seqs: count(),
  block_size: count(),
  gpu_memory_utilization: z.number().default(0),
  max_model_len: count(),
});

const network = z.strictObject({
  measured_rtt_ms: z.number().default(0).describe("round trip to the server, ms"),
});

const goodputTarget = z.strictObject({
  ttft_ms: z.number().default(0),
  itl_ms: z.number().default(0),
  e2e_ms: z.number().default(0),
});

/** The keys of a trace header in the order in which they are written. */
export const traceHeaderFile = z.strictObject({
  trace_version: count().describe("3; larger ones are read as 3"),
  time_unit: text("microseconds; others are read as such"),
  created_at: text("wall clock of an observation, RFC 3339"),
  mode: text("generated, replayed or real"),
  warm_up_requests: count().describe("requests with a smaller id do not count"),
  workload_seed: z.bigint().optional(),
  workload_spec: text("file of the workload"),
  session_context_growth: z.enum(["", "accumulate"]).default("")
    .describe("accumulate: prompts of a session repeat all that went before"),
  server: server.optional(),
  network: network.optional(),
  goodput_slo_targets: z.record(z.string(), goodputTarget).optional(),
  kv_offload: z.record(z.string(), z.unknown()).optional(),
  observed_kv_metrics: z.record(z.string(), z.unknown()).optional(),
});

/** What a trace says of itself, beside its requests. */
export type TraceHeader = FromFile<z.infer<typeof traceHeaderFile>>;

const OPTIONAL_KEYS: ReadonlyMap<unknown, readonly string[]> = new Map<unknown, readonly string[]>([
  [traceHeaderFile.shape, ["created_at", "workload_spec", "session_context_growth"]],
  [server.shape, Object.keys(server.shape)],
  [network.shape, Object.keys(network.shape)],
  [goodputTarget.shape, Object.keys(goodputTarget.shape)],
]);

/** A header of a trace that a program makes. */
export function newTraceHeader(mode: string, workloadSeed?: bigint): TraceHeader {
  return {
    traceVersion: TRACE_VERSION,
    timeUnit: "microseconds",
    createdAt: "",
    mode,
    warmUpRequests: 0,
    workloadSpec: "",
    sessionContextGrowth: "",
    ...(workloadSeed !== undefined && { workloadSeed }),
  };
}

/** Reads the text of a header file; `file` names it in errors. Throws a ConfigError. */
export function readTraceHeader(text: string, file: string): TraceHeader {
  // Read as YAML, the whole table would be one text, which the error would repeat.
  if (/^\uFEFF?request_id,/.test(text)) {
    throw new ConfigError(`${file} holds the requests of a trace, not its header`, {
      file,
      hint: "--trace-header takes the YAML file, --trace-data the CSV file",
    });
  }
  return fromFile(traceHeaderFile, parseDocument(text, file).decode(traceHeaderFile));
}

/** What a header says of the rows that is not so for us, one sentence each. */
export function traceHeaderWarnings({ traceVersion, timeUnit }: TraceHeader): string[] {
  return [
    ...(traceVersion > TRACE_VERSION
      ? [`trace_version ${traceVersion} is read as ${TRACE_VERSION}`]
      : []),
    ...(MICROSECONDS.includes(timeUnit)
      ? []
      : [`time_unit "${timeUnit}" has no effect: times are read as microseconds`]),
  ];
}

/** A header as the text of its file. */
export function traceHeaderText(header: TraceHeader): string {
  const file = toFile(traceHeaderFile, header, OPTIONAL_KEYS) as Record<string, unknown>;
  return toYaml(file);
}
