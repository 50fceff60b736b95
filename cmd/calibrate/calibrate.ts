import { z } from "zod";
import { jsonText } from "../../sim/internal/number_format.ts";
import { type CalibrationOptions, matchResults } from "../../workload/calibration/calibrate.ts";
import { calibrationReport, compare } from "../../workload/calibration/report.ts";
import { readChunkTimes } from "../../workload/recorded/itl_file.ts";
import { readSimResults } from "../../workload/calibration/sim_results.ts";
import type { TraceHeader } from "../../workload/recorded/trace_v2.ts";
import { fitToTrace } from "./fit.ts";
import { exceededLimits, parseErrorLimits } from "./limits.ts";
import { calibrationSummary } from "./summary.ts";
import { command, type Context, grouped } from "../cli.ts";
import { checkCalibrationFlags, checkDeploymentFlags } from "../flag_rules.ts";
import { kebabCase } from "../flag_values.ts";
import { modelPermissions } from "../resolve/model_files.ts";
import { engineOptions, kvOptions, modelOptions } from "../options.ts";
import { openTrace, traceFileOptions } from "../resolve/trace_files.ts";

const path = z.string().min(1).optional().meta({ placeholder: "path" });
const outputPath = path.meta({ writes: [""] });

const engine = { ...modelOptions, ...engineOptions, ...kvOptions };

const options = z.strictObject({
  ...traceFileOptions,
  ...grouped("Comparison", {
    simResults: path.describe("JSON file that `replay --results-path` wrote"),
    report: outputPath.describe("JSON file to write the comparison to"),
    itlData: path.describe("CSV file of chunk times, for inter-token latencies"),
    warmupRequests: z.int().default(-1).meta({ initial: "as in the trace header" })
      .describe("requests with a smaller id are left out"),
    networkRttUs: z.int().min(-1).default(-1).meta({ initial: "as in the trace header" })
      .describe("µs of the network that are added to each simulated latency"),
    networkBandwidthMbps: z.number().default(0)
      .describe("Mbit/s at which prompts and answers are sent, 4 bytes a token; 0 = at once"),
    ttftMapeThreshold: z.number().nonnegative().default(0.15)
      .describe("most TTFT error, as a fraction, that the report calls within tolerance"),
    failAbove: z.array(z.string()).default([]).meta({ placeholder: "metric.statistic=limit" })
      .describe("exit with 1 if an error is larger, e.g. e2e.mape=0.15 or ttft.p99=0.2"),
  }),
  ...grouped("Fit", {
    fit: outputPath.describe(
      "instead of comparing, fit coefficients to the trace and write them to this file, " +
        "for --coefficients of run and replay; the flags below describe the server, and what " +
        "the fit has to better: for a model that is not known, a guess in --alpha-coeffs and " +
        "--beta-coeffs",
    ),
  }),
  ...engine,
  model: modelOptions.model.default("").meta(modelOptions.model.meta()!),
}).check(checkDeploymentFlags, checkCalibrationFlags);

type Values = z.output<typeof options>;

/** `blis calibrate`: compares the latencies of a trace with those that a replay of it gave. */
export const calibrate = command({
  name: "calibrate",
  summary: "Compare observed latencies with simulated ones, or fit coefficients to them",
  options,
  examples: [
    [
      "--trace-header t.yaml --trace-data t.csv --sim-results r.json --report cal.json",
      "An observed trace against what `replay --results-path r.json` simulated",
    ],
    [
      "--trace-header t.yaml --trace-data t.csv --model qwen/qwen3-14b --fit fitted.yaml",
      "Coefficients for `replay --coefficients fitted.yaml`, tried on requests held out",
    ],
  ],
  permissions: ({ values }) => ["read", "write", ...modelPermissions(values)],
  async run(flags, context) {
    const { values, given } = flags;
    if (values.fit === undefined) {
      warnOfEngineFlags(given, context);
      return await compareWithResults(values, context);
    }
    const engineKeys = new Set(Object.keys(engine));
    const engineValues = Object.entries(values).filter(([key]) => engineKeys.has(key));
    await fitToTrace(
      {
        ...values,
        fit: values.fit,
        warmUpRequests: values.warmupRequests === -1 ? undefined : values.warmupRequests,
        rttUs: values.networkRttUs === -1 ? undefined : values.networkRttUs,
      },
      { values: Object.fromEntries(engineValues), given },
      context,
    );
    return 0;
  },
});

async function compareWithResults(values: Values, context: Context): Promise<number> {
  const { io } = context;
  const limits = parseErrorLimits(values.failAbove);
  const { header, reader } = await openTrace(values, context);
  const results = readSimResults(await io.readText(values.simResults!), values.simResults!);
  const chunkTimes = values.itlData === undefined
    ? undefined
    : readChunkTimes(io.readTextChunks(values.itlData), values.itlData);
  await io.checkWritable(values.report!);
  const settings = calibrationOptions(values, header);
  const matches = matchResults(reader, values.traceData, results, settings, chunkTimes);
  const comparisons = compare(matches);
  const report = calibrationReport(matches, comparisons, values.ttftMapeThreshold);
  await io.writeFile(values.report!, [jsonText(report)]);
  io.printError(calibrationSummary(matches, comparisons));
  const failures = exceededLimits(comparisons, limits);
  for (const failure of failures) io.printError(`failed: ${failure}\n`);
  return failures.length > 0 ? 1 : 0;
}

function warnOfEngineFlags(given: ReadonlySet<string>, { diagnostics }: Context): void {
  for (const key of given) {
    if (key in engine) diagnostics.warn(`--${kebabCase(key)} has no effect without --fit`);
  }
}

function calibrationOptions(values: Values, header: TraceHeader): CalibrationOptions {
  const { warmupRequests, networkRttUs, networkBandwidthMbps: bandwidthMbps } = values;
  const measuredRttMs = header.network?.measuredRttMs ?? 0;
  return {
    warmUpRequests: warmupRequests === -1 ? header.warmUpRequests : warmupRequests,
    rttUs: networkRttUs >= 0 ? networkRttUs : Math.max(0, Math.trunc(measuredRttMs * 1000)),
    bandwidthMbps,
    isObserved: header.mode === "real",
  };
}
