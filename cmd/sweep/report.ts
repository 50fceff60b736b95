import { z } from "zod";
import { UsageError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { command, type Context } from "../cli.ts";
import { requireRuns, SweepResults, wholeLines } from "./results.ts";
import { summarize, summaryJson, summaryTable } from "./summary.ts";

const DEFAULT_METRICS = [
  ...["responses_per_sec", "tokens_per_sec", "ttft_mean_ms", "ttft_p99_ms"],
  ...["itl_mean_ms", "e2e_mean_ms", "e2e_p99_ms"],
];
const DEFAULT_CONFIDENCE = 0.95;

const options = z.strictObject({
  file: z.string().min(1).meta({ argument: true, placeholder: "file" })
    .describe("results of a sweep, JSON lines"),
  metrics: z.string().default(DEFAULT_METRICS.join()).meta({ placeholder: "name,…" })
    .describe("columns of the table"),
  confidence: z.number().gt(0).lt(1).default(DEFAULT_CONFIDENCE)
    .describe("of the intervals over the seeds"),
  output: z.enum(["text", "json"]).default("text")
    .describe("text, or JSON with all metrics"),
});

/** `blis sweep report`: joins the seeds of each setting to means with confidence intervals. */
export const sweepReport = command({
  name: "sweep report",
  summary: "Show the results of a sweep: means and confidence intervals over the seeds",
  options,
  examples: [
    ["results.jsonl", "A table of the usual metrics"],
    ["results.jsonl --metrics ttft_p99_ms,cache_hit_rate --confidence 0.99", "Others"],
  ],
  permissions: () => ["read"],
  async run({ values }, context) {
    const results = new SweepResults();
    results.add(wholeLines(await context.io.readText(values.file)), values.file);
    requireRuns(results, [values.file]);
    warnOfMissing(results, context);
    printSummary(results, values, context);
    return 0;
  },
});

/** Prints what the seeds of each setting say of some metrics. */
export function printSummary(
  results: SweepResults,
  { metrics = DEFAULT_METRICS.join(), confidence = DEFAULT_CONFIDENCE, output = "text" }: {
    readonly metrics?: string;
    readonly confidence?: number;
    readonly output?: "text" | "json";
  },
  { io }: Context,
): void {
  const summaries = summarize(results, confidence);
  if (output === "json") {
    io.print(`${jsonText(summaryJson(summaries, results, confidence))}\n`);
    return;
  }
  const known = new Set(summaries.flatMap((summary) => [...summary.metrics.keys()]));
  const names = metrics.split(",").map((name) => name.trim());
  if (summaries.length > 0) names.forEach((name) => requireKnown(name, known));
  io.print(summaryTable(summaries, names));
}

function warnOfMissing(results: SweepResults, { diagnostics }: Context): void {
  const missing = results.numRuns - results.size;
  if (missing > 0) diagnostics.warn(`${missing} of ${results.numRuns} runs are not there yet`);
}

function requireKnown(name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return;
  const similar = nearest(name, [...known]);
  throw new UsageError(`Unknown metric "${name}" in --metrics`, {
    flag: "--metrics",
    hint: similar !== undefined ? `did you mean "${similar}"?` : `known: ${[...known].join(", ")}`,
  });
}
