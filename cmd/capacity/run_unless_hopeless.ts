import { clusterParts } from "../../cluster/build.ts";
import { Cluster } from "../../cluster/cluster.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { clusterMetrics } from "../../cluster/result.ts";
import type { JudgedRun } from "../../cluster/slo_check.ts";
import { generatedWorkload } from "../resolve/generated_workload.ts";
import type { ResolvedWorkload } from "../resolve/workload.ts";

/** A run is given up if this part of at least so many arrived requests waits. */
const HOPELESS_PART = 0.25;
const MIN_ARRIVED = 1000;

/** Ends a run from within; nobody else sees it. */
class Hopeless extends Error {
  override readonly name = "Hopeless";
}

/** Simulates a workload; undefined as soon as it is plain that the deployment does not keep up. */
export function runUnlessHopeless(
  deployment: Deployment,
  workload: ResolvedWorkload,
): JudgedRun | undefined {
  const { source, ids, requestTargets } = generatedWorkload(workload, deployment);
  const onProgress = (_nowUs: number, numArrived: number) => {
    let numWaiting = 0;
    for (const { waiting } of parts.instances) numWaiting += waiting.length;
    if (numArrived >= MIN_ARRIVED && numWaiting > HOPELESS_PART * numArrived) throw new Hopeless();
  };
  const parts = clusterParts(deployment, { source, ids, onProgress });
  try {
    const result = new Cluster(parts).run();
    return { result, metrics: clusterMetrics(result), requestTargets };
  } catch (error) {
    if (error instanceof Hopeless) return undefined;
    throw error;
  }
}
