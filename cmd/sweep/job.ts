import { buildCluster } from "../../cluster/build.ts";
import { fitnessOf } from "../../cluster/fitness.ts";
import { clusterMetrics, type RunResult } from "../../cluster/result.ts";
import { describeResult } from "../../cluster/result_document.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { metricsFileReport, type MetricsInput } from "../../sim/report.ts";
import { isUserError } from "../diagnostics.ts";
import { generatedWorkload } from "../resolve/generated_workload.ts";
import { sha256 } from "../resolve/sha256.ts";
import { workloadToJson } from "../resolve/workload_json.ts";
import { VERSION } from "../version.ts";
import type { ResolvedRun } from "./plan.ts";

/** One run, as a worker gets it. */
export interface SweepJob extends ResolvedRun {
  readonly run: number;
  /** True if the whole result is to be hashed. */
  readonly hashes: boolean;
}

/** What a run leaves in the file of results. */
export interface SweepOutcome {
  readonly run: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly sha256?: string;
}

/** Why a run came to no result, in a form that can be sent. */
export interface SweepFailure {
  readonly run: number;
  readonly message: string;
  readonly hint: string | undefined;
  /** False for a defect of the program. */
  readonly isUsers: boolean;
}

/** Simulates one run; it depends on the job alone. Never throws. */
export async function runJob(job: SweepJob): Promise<SweepOutcome | SweepFailure> {
  const { run } = job;
  try {
    return await simulateJob(job);
  } catch (error) {
    if (!isUserError(error)) {
      return { run, message: String((error as Error).stack), hint: undefined, isUsers: false };
    }
    const hint = "options" in error ? error.options.hint : error.hint;
    return { run, message: error.message, hint, isUsers: true };
  }
}

async function simulateJob(job: SweepJob): Promise<SweepOutcome> {
  const { run, deployment, workload, hashes } = job;
  const generated = generatedWorkload(workload, deployment);
  const result = buildCluster(deployment, generated).run();
  const cluster = clusterMetrics(result);
  const metrics = headline(result, cluster, job);
  if (!hashes) return { run, metrics };
  const judged = { result, metrics: cluster, requestTargets: generated.requestTargets };
  const provenance = { version: VERSION, workload: workloadToJson(workload) };
  const text = jsonText(describeResult(judged, deployment, provenance));
  return { run, metrics, sha256: await sha256(`${text}\n`) };
}

/** The metrics of the whole cluster as a result file has them, and what the router turned away. */
function headline(
  result: RunResult,
  cluster: MetricsInput,
  { deployment: { fitnessWeights } }: SweepJob,
): Record<string, number> {
  const { instance_id: _, ...metrics } = metricsFileReport(cluster);
  return {
    ...metrics as Record<string, number>,
    rejected_admission: result.numRejectedAtAdmission,
    rejected_routing: result.numRejectedAtRouting,
    ...(Object.keys(fitnessWeights).length > 0 && {
      fitness: fitnessOf(cluster, fitnessWeights).score,
    }),
  };
}
