import { z } from "zod";
import { ConfigError } from "../../sim/internal/errors.ts";
import { command, type Context } from "../cli.ts";
import { type Flags } from "../flag_values.ts";
import { generalOptions } from "../options.ts";
import { readSweep } from "./file.ts";
import type { SweepJob, SweepOutcome } from "./job.ts";
import type { SweepLine } from "./line.ts";
import { planSweep, type SweepPlan } from "./plan.ts";
import { runAll } from "./pool.ts";
import { SweepProgress } from "./progress.ts";
import { printSummary } from "./report.ts";
import { SweepResults } from "./results.ts";
import { flagsText } from "./settings.ts";
import { type Shard, shardOf } from "./shard.ts";

const path = z.string().min(1);

const options = z.strictObject({
  file: path.meta({ argument: true, placeholder: "file" }).describe("YAML file of the sweep"),
  out: path.meta({ placeholder: "path", writes: [""] })
    .describe("JSON lines file of the results, a line a run; runs that it has are not repeated"),
  jobs: z.int().positive().optional().describe("runs that go on at once")
    .meta({ initial: "one a core" }),
  sha256: z.boolean().default(false)
    .describe("add the hash of what blis run --output json prints for the run"),
  shard: z.string().regex(/^[0-9]+\/[1-9][0-9]*$/, "it must be i/n, with i from 0").optional()
    .meta({ placeholder: "i/n" })
    .describe("only each n-th run, from the i-th on; sweep merge joins the parts"),
  shardFromEnv: z.boolean().default(false)
    .describe("take i from the environment: Kubernetes Indexed Job, Slurm array, GNU parallel"),
  numShards: z.int().positive().optional().describe("n of --shard-from-env"),
  log: generalOptions.log,
}).check(({ value, issues }) => {
  const { shard, shardFromEnv, numShards } = value;
  const refuse = (key: string, message: string) =>
    issues.push({ code: "custom", input: value, path: [key], message });
  if (shard !== undefined && shardFromEnv) {
    refuse("shard", "Cannot use --shard and --shard-from-env together");
  }
  if (shardFromEnv !== (numShards !== undefined)) {
    refuse("numShards", "Give --shard-from-env and --num-shards together");
  }
});

type SweepFlags = Flags<z.output<typeof options>>["values"];

/** `blis sweep`: runs many settings and seeds on all cores. */
export const sweep = command({
  name: "sweep",
  summary: "Simulate all combinations of settings and seeds of a file, on all cores",
  options,
  examples: [
    [
      "grid.yaml --out results.jsonl",
      "All runs; once more after a break: the ones that are missing",
    ],
    ["grid.yaml --out part-3.jsonl --shard 3/8", "One part of eight, on one machine of eight"],
    ["report results.jsonl", "Show results again; merge joins those of shards"],
  ],
  permissions: () => ["read", "write", "net", "env"],
  async run({ values }, context) {
    context.diagnostics.level = values.log;
    const { io } = context;
    const shard = shardOf(values, io);
    const plan = await planSweep(readSweep(await io.readText(values.file), values.file), context);
    const results = await complete(plan, shard, values, context);
    if (results.size < results.numRuns) return 0;
    warnOfOutcomes(results, context);
    printSummary(results, {}, context);
    return 0;
  },
});

/** Does the runs of a shard that are not in the file of results yet; all that it has then. */
async function complete(
  plan: SweepPlan,
  shard: Shard,
  { out, jobs = navigator.hardwareConcurrency, sha256 }: SweepFlags,
  { io }: Context,
): Promise<SweepResults> {
  const file = await io.openLines(out);
  const results = new SweepResults();
  try {
    // Whoever simulates may read no more than the program itself; the file is open already.
    await io.keepPermissions(["read"]);
    results.add(file.lines, out);
    requireOwn(results, plan, shard, out);
    const mine = runsOf(plan, shard);
    const missing = mine.filter((run) => !results.has(run));
    const progress = new SweepProgress(io, mine.length, mine.length - missing.length);
    const onOutcome = (outcome: SweepOutcome) => {
      const text = JSON.stringify(lineOf(plan, outcome));
      file.append(text);
      results.add([text], out);
      progress.advance();
    };
    try {
      await runAll(jobsOf(plan, missing, sha256), {
        jobs: Math.min(jobs, Math.max(1, missing.length)),
        onOutcome,
        nameOf: (run) => nameOf(plan, run),
      });
    } finally {
      progress.end();
    }
  } finally {
    file.close();
  }
  return results;
}

function* jobsOf(
  plan: SweepPlan,
  runs: readonly number[],
  hashes: boolean,
): Generator<Promise<SweepJob>> {
  for (const run of runs) {
    yield plan.resolve(run).then((resolved) => ({ ...resolved, run, hashes }));
  }
}

function runsOf({ numRuns }: SweepPlan, { index, count }: Shard): number[] {
  return Array.from({ length: numRuns }, (_, run) => run).filter((run) => run % count === index);
}

/** Throws unless the file of results holds runs of this shard of this sweep alone. */
function requireOwn(
  results: SweepResults,
  { digest, numRuns }: SweepPlan,
  { index, count }: Shard,
  file: string,
): void {
  const hint = "give another --out, or delete it";
  if (results.size === 0) return;
  if (results.sweep !== digest || results.numRuns !== numRuns) {
    throw new ConfigError(`The file ${file} holds the results of another sweep`, { file, hint });
  }
  const foreign = results.sorted().find(({ line }) => line.run % count !== index);
  if (foreign === undefined) return;
  throw new ConfigError(
    `The file ${file} holds run ${foreign.line.run}, which is not of shard ${index}/${count}`,
    { file, hint },
  );
}

function lineOf(plan: SweepPlan, { run, metrics, sha256 }: SweepOutcome): SweepLine {
  const { parameters, seed } = plan.at(run);
  return {
    sweep: plan.digest,
    run,
    runs: plan.numRuns,
    parameters,
    seed: String(seed),
    metrics,
    ...(sha256 !== undefined && { sha256 }),
  };
}

function nameOf(plan: SweepPlan, run: number): string {
  const { parameters, seed } = plan.at(run);
  return `Run ${run} with ${flagsText({ ...parameters, seed })}`;
}

const MISLEADING: readonly (readonly [metrics: readonly string[], what: string])[] = [
  [["timed_out_requests"], "requests timed out; their latencies are not in the means"],
  [["dropped_unservable"], "requests could not be served and were dropped"],
  [["still_queued", "still_running"], "the horizon came before all requests were served"],
];

/** Says where means are not what they seem, once for all runs. */
function warnOfOutcomes(results: SweepResults, { diagnostics }: Context): void {
  const runs = results.sorted();
  for (const [names, what] of MISLEADING) {
    const { length } = runs.filter(({ line }) => names.some((name) => line.metrics[name]! > 0));
    if (length > 0) diagnostics.warn(`In ${length} of ${results.numRuns} runs ${what}`);
  }
}
