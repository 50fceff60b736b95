import { z } from "zod";
import { ConfigError, UsageError } from "../../sim/internal/errors.ts";
import { namesOf } from "../../sim/internal/registry.ts";
import { type TraceFormatName, traceFormats } from "../../workload/recorded/formats/mod.ts";
import { TraceImport } from "../../workload/recorded/import_trace.ts";
import { columnsOf, traceCsv } from "../../workload/recorded/trace_csv.ts";
import { newTraceHeader, traceHeaderText } from "../../workload/recorded/trace_v2.ts";
import { command, type Context } from "../cli.ts";
import { generalOptions } from "../options.ts";

/** So much of a file tells its format. */
const HEAD_CHARACTERS = 1 << 16;

const seconds = z.number().nonnegative();

const options = z.strictObject({
  file: z.string().min(1).meta({ placeholder: "file", argument: true })
    .describe("file of requests that another program wrote"),
  from: z.enum(namesOf(traceFormats)).optional().meta({ initial: "found out from the file" })
    .describe("its format"),
  traceOutput: z.string().min(1).meta({ placeholder: "prefix", writes: [".yaml", ".csv"] })
    .describe("where to write the trace: PREFIX.yaml and PREFIX.csv"),
  fromTime: seconds.default(0).describe("leave out what came earlier, s after the first request"),
  toTime: seconds.optional().describe(
    "leave out what came from here on, s after the first request",
  ),
  sample: z.number().gt(0).lte(1).default(1)
    .describe("share of the requests to take at random; sessions stay whole"),
  scaleRate: z.number().positive().default(1).describe("let requests come this many times as fast"),
  seed: generalOptions.seed.describe("seed of --sample"),
});

type Values = z.output<typeof options>;

/** `blis convert trace`: makes a trace of a file that another program wrote. */
export const convertTrace = command({
  name: "convert trace",
  summary: "Make a trace of the requests that another program recorded",
  options,
  examples: [
    ["AzureLLMInferenceTrace_conv.csv --trace-output azure", "A production trace, to be replayed"],
    [
      "--from mooncake conversation_trace.jsonl --to-time 600 --scale-rate 2 --trace-output t",
      "Its first ten minutes at twice the rate, with the prefixes that requests share",
    ],
    [
      "result.json --trace-output observed",
      "A benchmark's result as the observed side of calibrate",
    ],
  ],
  permissions: () => ["read", "write"],
  async run({ values }, context) {
    const { io } = context;
    const file = { name: values.file, chunks: () => io.readTextChunks(values.file) };
    const name = values.from ?? detect(file.chunks(), values.file);
    await io.checkWritable(`${values.traceOutput}.csv`);
    const trace = new TraceImport(traceFormats[name], file, {
      fromUs: values.fromTime * 1e6,
      toUs: (values.toTime ?? Infinity) * 1e6,
      sample: values.sample,
      scaleRate: values.scaleRate,
      seed: values.seed,
    });
    const columns = columnsOf((key) => trace.usedKeys.has(key));
    const header = newTraceHeader(trace.isMeasured ? "real" : "generated");
    await io.writeFile(`${values.traceOutput}.csv`, traceCsv(trace.rows(), columns));
    requireRequests(trace, values);
    await io.writeFile(`${values.traceOutput}.yaml`, [traceHeaderText(header)]);
    report(trace, name, values, context);
    return 0;
  },
});

/** The format of a file, by how it begins. */
function detect(chunks: Iterable<string>, file: string): TraceFormatName {
  let head = "";
  for (const chunk of chunks) {
    head += chunk;
    if (head.length >= HEAD_CHARACTERS) break;
  }
  const name = namesOf(traceFormats).find((name) => traceFormats[name].matches(head));
  if (name !== undefined) return name;
  throw new UsageError(`Cannot find out the format of ${file}`, {
    flag: "--from",
    hint: `--from takes ${namesOf(traceFormats).join(", ")}`,
  });
}

function requireRequests({ numKept, numRequests }: TraceImport, { file }: Values): void {
  if (numKept > 0) return;
  throw new ConfigError(`None of the ${numRequests} requests of ${file} is left`, {
    file,
    hint: "--from-time, --to-time and --sample leave requests out, and so does an empty prompt",
  });
}

function report(
  trace: TraceImport,
  name: TraceFormatName,
  { file, scaleRate }: Values,
  { diagnostics }: Context,
): void {
  const { numKept, numRequests, lastUs, isMeasured, numEmpty } = trace;
  diagnostics.note(
    `${numKept} of ${numRequests} requests of ${file} (${name}) over ${lastUs / 1e6} s, ` +
      `${isMeasured ? "with" : "without"} measured latencies`,
  );
  if (numEmpty > 0) diagnostics.warn(`Left out ${numEmpty} requests that state no prompt tokens`);
  if (isMeasured && scaleRate !== 1) {
    diagnostics.warn(
      "The measured latencies belong to the recorded rate, not to that of --scale-rate",
      "do not calibrate against this trace",
    );
  }
}
