import { z } from "zod";
import type { Deployment } from "../../cluster/deployment.ts";
import { UsageError } from "../../sim/internal/errors.ts";
import { command, type Context, grouped } from "../cli.ts";
import { checkDeploymentFlags, checkWorkloadFlags } from "../flag_rules.ts";
import { type Flags, kebabCase } from "../flag_values.ts";
import type { Io } from "../io.ts";
import { deploymentFlags, workloadOptions } from "../options.ts";
import { partOption } from "../part_option.ts";
import { noteOfLongPrompts } from "../resolve/measured_error.ts";
import { modelPermissions } from "../resolve/model_files.ts";
import { outputPermissions } from "../simulate.ts";
import { gateOptions, readSlos, warnOfUnknownClasses } from "../slo_options.ts";
import { compare, type Comparison, leftOut, readBaseline } from "./baseline.ts";
import { checkJunit, checkMarkdown } from "./files.ts";
import { priceOptions, readPrices, warnOfUnusedPrices } from "./gpu_prices.ts";
import { type PreparedRun, prepareReplays, prepareRuns } from "./judged_run.ts";
import { checkedLines, checkJson, type CheckReport, checkText, passes } from "./report.ts";
import { costOfRun } from "./run_cost.ts";
import { checkSvg } from "./svg.ts";
import { judge, keepsUp } from "./verdict.ts";

const path = z.string().min(1).optional().meta({ placeholder: "path" });
const outputPath = path.meta({ writes: [""] });

const options = z.strictObject({
  ...workloadOptions,
  ...deploymentFlags.shape,
  ...gateOptions,
  ...grouped("Check", {
    traceHeader: path.describe("YAML file of a recorded trace to replay instead of a workload"),
    traceData: path.describe("CSV file of that trace"),
    seeds: z.int().positive().default(1).describe("runs, with this seed and those after it"),
    judgeBy: z.enum(["worst", "confidence"]).default("worst")
      .describe("what of several seeds counts: the worst value, or a 95 % bound of the mean"),
    baseline: path.describe("what --output json printed for an earlier run or check"),
    maxRegress: partOption("5%")
      .describe("by how much latencies and throughput may be worse than those of --baseline"),
  }),
  ...priceOptions,
  ...grouped("Output", {
    output: z.enum(["text", "json"]).default("text").describe("what stdout gets"),
    junit: outputPath.describe("JUnit XML file, one test case a check"),
    githubSummary: outputPath.describe("Markdown file for the summary of a job"),
    svg: outputPath.describe("SVG file with a bar for each SLO, up to its limit"),
  }),
}).check(checkDeploymentFlags, checkWorkloadFlags)
  .refine(
    ({ traceHeader, traceData }) => (traceHeader === undefined) === (traceData === undefined),
    { path: ["traceData"], message: "Give --trace-header and --trace-data together" },
  ).refine(
    ({ judgeBy, seeds }) => judgeBy === "worst" || seeds > 1,
    { path: ["judgeBy"], message: "A bound of the mean needs --seeds 2 or more" },
  );

type CheckFlags = Flags<z.output<typeof options>>;

/** `blis check`: simulates, and fails where an SLO is missed or the deployment does not keep up. */
export const check = command({
  name: "check",
  summary: "Simulate, and fail if an SLO is missed or the deployment is saturated",
  options,
  examples: [
    [
      '--model qwen/qwen3-14b --rate 5 --num-requests 300 --slo "ttft.p99<300ms"',
      "Exit code 0 if it holds, 1 if not",
    ],
    [
      "--model qwen/qwen3-14b --rate 5 --slo-file slos.yaml --seeds 5 --junit check.xml",
      "The worst of five seeds, for a build server",
    ],
  ],
  permissions: ({ values }) => [
    ...outputPermissions(values.junit, values.githubSummary, values.svg),
    ...modelPermissions(values),
  ],
  async run(flags, context) {
    const { values } = flags;
    const { io, diagnostics } = context;
    diagnostics.level = values.log;
    const targets = await readSlos(values, io);
    const prices = await readPrices(values, io);
    const before = await baselineOf(flags, io);
    const files = filesOf(values);
    for (const [file] of files) await io.checkWritable(file);
    const runs = await prepare(flags, context);
    const judgement = judge(targets, runs.map((run) => run.simulate()), values.judgeBy);
    const comparisons: Comparison[] = before === undefined
      ? []
      : compare(before, judgement.metrics, values.maxRegress);
    const seeds = runs.map(({ seed }) => seed);
    const { deployment } = runs[0]!;
    warnOfUnusedPrices(values, [deployment.gpu], diagnostics);
    const cost = costOfRun({ deployment, judgement }, prices);
    const report = { judgement, comparisons, seeds, judgeBy: values.judgeBy, cost };
    for (const [file, text] of files) await io.writeFile(file, [text(report)]);
    io.print(values.output === "json" ? checkJson(report) : checkText(report));
    sayVerdict(report, deployment, context);
    return passes(report) ? 0 : 1;
  },
});

async function baselineOf({ values: { baseline }, given }: CheckFlags, io: Io) {
  if (baseline !== undefined) return readBaseline(await io.readText(baseline), baseline);
  if (!given.has("maxRegress")) return undefined;
  throw new UsageError("--max-regress needs a --baseline", { flag: "--max-regress" });
}

async function prepare(flags: CheckFlags, context: Context): Promise<PreparedRun[]> {
  const { traceHeader, traceData, seeds } = flags.values;
  if (traceHeader === undefined || traceData === undefined) {
    return await prepareRuns(flags, seeds, context);
  }
  const unused = Object.keys(workloadOptions).find((key) => flags.given.has(key));
  if (unused !== undefined) {
    const flag = `--${kebabCase(unused)}`;
    throw new UsageError(`Cannot use ${flag} and --trace-data together`, { flag });
  }
  return await prepareReplays(flags, { traceHeader, traceData }, seeds, context);
}

function filesOf({ junit, githubSummary, svg }: CheckFlags["values"]) {
  const files: [path: string, text: (report: CheckReport) => string][] = [];
  if (junit !== undefined) files.push([junit, checkJunit]);
  if (githubSummary !== undefined) files.push([githubSummary, checkMarkdown]);
  if (svg !== undefined) files.push([svg, checkSvg]);
  return files;
}

function sayVerdict(
  report: CheckReport,
  deployment: Deployment,
  { io, diagnostics }: Context,
): void {
  const { judgement, comparisons } = report;
  const { saturation, outcomes, goodput, metrics } = judgement;
  if (saturation.verdict === "at the knee" && keepsUp(saturation)) {
    diagnostics.warn(`The deployment is at the knee: ${saturation.reason}`);
  }
  warnOfUnknownClasses(outcomes.map(({ target }) => target), goodput, diagnostics);
  const notCompared = comparisons.length === 0 ? [] : leftOut(comparisons);
  if (notCompared.length > 0) {
    diagnostics.warn(`Not compared, 0 or absent in the baseline: ${notCompared.join(", ")}`);
  }
  const { total_input_tokens: tokens = 0, injected_requests: requests = 0 } = metrics;
  noteOfLongPrompts(deployment, { tokens, requests }, { diagnostics });
  for (const { name, failure, holds } of checkedLines(report)) {
    if (!holds) io.printError(`check failed: ${name}: ${failure}\n`);
  }
}
