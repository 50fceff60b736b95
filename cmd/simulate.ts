import { buildCluster } from "../cluster/build.ts";
import type { DecisionSink } from "../cluster/decision_trace.ts";
import type { Deployment } from "../cluster/deployment.ts";
import { renderMetricsFile, renderText } from "../cluster/render.ts";
import { clusterMetrics, type RunResult } from "../cluster/result.ts";
import { goodputPerClass, type JudgedRun } from "../cluster/slo_check.ts";
import { sloBlock } from "../cluster/slo_render.ts";
import type { SloTarget } from "../cluster/slo_target.ts";
import { jsonText } from "../sim/internal/number_format.ts";
import { decisionLine } from "../trace/json_lines.ts";
import type { Context } from "./cli.ts";
import type { Permission } from "./io.ts";
import { warnOfOutcome } from "./outcome_warnings.ts";
import { ProgressLine } from "./progress.ts";
import type { GeneratedWorkload } from "./resolve/generated_workload.ts";
import { readSlos, warnOfUnknownClasses } from "./slo_options.ts";
import { VERSION } from "./version.ts";

/** Requests to simulate, and what is known of them beforehand. */
export interface SimulatedWorkload extends GeneratedWorkload {
  /** The workload as JSON values, so that it can be run again. */
  json(): Promise<Record<string, unknown>>;
}

/** A file that is written when all requests have run. */
export interface ResultFile {
  readonly path: string;
  pieces(result: RunResult): Iterable<string>;
}

/** Where results go. */
export interface Outputs {
  readonly output: "text" | "json";
  readonly metricsPath?: string | undefined;
  readonly decisionsPath?: string | undefined;
  /** What the run is judged by, on the command line and in a file. */
  readonly slo?: readonly SloTarget[] | undefined;
  readonly sloFile?: string | undefined;
  /** Files of a command's own. */
  readonly files?: readonly ResultFile[];
}

/** What a command needs that may write to these paths. */
export function outputPermissions(...paths: readonly (string | undefined)[]): Permission[] {
  return paths.every((path) => path === undefined) ? ["read"] : ["read", "write"];
}

/**
 * Simulates, writes the files that were asked for, then prints: nothing is printed if a file fails.
 */
export async function simulate(
  deployment: Deployment,
  workload: SimulatedWorkload,
  outputs: Outputs,
  context: Context,
): Promise<RunResult> {
  const { io, diagnostics } = context;
  const files = [...metricsFile(outputs), ...outputs.files ?? []];
  for (const { path } of files) await io.checkWritable(path);
  const slos = await readSlos(outputs, io);
  const result = await runRecorded(deployment, workload, outputs, context);
  const metrics = clusterMetrics(result);
  warnOfOutcome(result, metrics, deployment, diagnostics);
  const run = { result, metrics, requestTargets: workload.requestTargets };
  if (slos.length > 0) warnOfUnknownClasses(slos, goodputPerClass(slos, run), diagnostics);
  const text = outputs.output === "json"
    ? await resultJson(run, { deployment, workload: await workload.json(), slos })
    : renderText(result, metrics, deployment) + sloBlock(slos, run);
  for (const { path, pieces } of files) await io.writeFile(path, pieces(result));
  io.print(text);
  return result;
}

async function resultJson(
  run: JudgedRun,
  { deployment, workload, slos }: {
    readonly deployment: Deployment;
    readonly workload: Record<string, unknown>;
    readonly slos: readonly SloTarget[];
  },
): Promise<string> {
  const { describeResult } = await import("../cluster/result_document.ts");
  const document = describeResult(run, deployment, { version: VERSION, workload, slos });
  return `${jsonText(document)}\n`;
}

function metricsFile({ metricsPath: path }: Outputs): ResultFile[] {
  if (path === undefined) return [];
  return [{ path, pieces: (result) => renderMetricsFile(result, clusterMetrics(result)) }];
}

async function runRecorded(
  deployment: Deployment,
  workload: SimulatedWorkload,
  { decisionsPath }: Outputs,
  context: Context,
): Promise<RunResult> {
  if (decisionsPath === undefined) return runWatched(deployment, workload, context);
  const file = await context.io.createFile(decisionsPath);
  try {
    const result = runWatched(deployment, workload, context, (record) => {
      file.write(decisionLine(record));
    });
    await file.commit();
    return result;
  } finally {
    await file.discard();
  }
}

function runWatched(
  deployment: Deployment,
  { source, ids, maxRequests }: SimulatedWorkload,
  { io }: Context,
  onDecision?: DecisionSink,
): RunResult {
  const progress = new ProgressLine(io, maxRequests);
  try {
    const onProgress = (nowUs: number, numArrived: number) => progress.update(nowUs, numArrived);
    return buildCluster(deployment, { source, ids, maxRequests, onProgress, onDecision }).run();
  } finally {
    progress.end();
  }
}
