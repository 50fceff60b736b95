import { createKvCache } from "../kv/mod.ts";
import { createLatencyModel } from "../latency/mod.ts";
import { admissionPolicies } from "../sim/admission/mod.ts";
import { Instance, type InstanceConfig } from "../sim/instance.ts";
import { Random, streamSeed } from "../sim/internal/random.ts";
import { TimeHeap } from "../sim/internal/time_heap.ts";
import { RequestTable } from "../sim/metrics.ts";
import { preemptionPolicies } from "../sim/preemption.ts";
import { priorities } from "../sim/priorities/mod.ts";
import type { Request } from "../sim/request.ts";
import type { RequestSource } from "../sim/request_source.ts";
import { routingPolicies } from "../sim/routing/mod.ts";
import { schedulers } from "../sim/schedulers/mod.ts";
import { scorers } from "../sim/scorers/mod.ts";
import type { BlockIds } from "../sim/shared_content.ts";
import { SloRanks } from "../sim/slo.ts";
import { Cluster } from "./cluster.ts";
import { type DecisionSink, DecisionTrace } from "./decision_trace.ts";
import type { Deployment } from "./deployment.ts";
import { needsTokens, withTokenIds } from "./hashed_source.ts";
import type { ClusterParts, ProgressListener } from "./parts.ts";

/** What a run is made from beside its deployment. */
export interface ClusterInput {
  readonly source: RequestSource;
  /** The allocator that the source's shared content uses. */
  readonly ids: BlockIds;
  /** The most requests that the source makes; Infinity or undefined = unknown. */
  readonly maxRequests?: number;
  readonly onProgress?: ProgressListener | undefined;
  readonly onDecision?: DecisionSink | undefined;
}

/** Joins a deployment and a workload to a cluster that is ready to run once. */
export function buildCluster(deployment: Deployment, input: ClusterInput): Cluster {
  return new Cluster(clusterParts(deployment, input));
}

/** The parts of that cluster, for who wants to exchange one; they serve one run. */
export function clusterParts(deployment: Deployment, input: ClusterInput): ClusterParts {
  const { instance } = deployment;
  const source = needsTokens(instance.blockSize)
    ? withTokenIds(input.source, instance.blockSize, input.ids)
    : input.source;
  const ranks = new SloRanks(deployment.sloPriorities);
  const table = new RequestTable(input.maxRequests);
  const followUps = source.onFinished === undefined ? undefined : new TimeHeap<Request>();
  const onFinished = followUps && ((request: Request, atUs: number) => {
    for (const next of source.onFinished!(request, atUs)) followUps.push(next.arrivalUs, next);
  });
  const scheduler = schedulers[instance.scheduler];
  const priority = priorities[instance.priorityPolicy].create(ranks);
  return {
    instances: instancesOf(deployment, input.ids, { scheduler, priority, table, onFinished }),
    table,
    admission: admissionPolicies[deployment.admission.policy].create(deployment.admission, ranks),
    routing: routingOf(deployment),
    ages: deployment,
    trace: deployment.traceLevel === "decisions" || input.onDecision !== undefined
      ? new DecisionTrace(deployment.counterfactualK, input.onDecision)
      : undefined,
    model: deployment.model,
    admissionLatencyUs: deployment.admissionLatencyUs,
    routingLatencyUs: deployment.routingLatencyUs,
    horizonUs: deployment.horizonUs,
    maxNumSeqs: instance.maxNumSeqs * deployment.numInstances,
    countsInversions: priority.countsInversions ?? scheduler.countsInversions,
    followUps,
    source,
    onProgress: input.onProgress,
  };
}

function instancesOf(
  { numInstances, instance, horizonUs, ...deployment }: Deployment,
  ids: BlockIds,
  parts: Pick<InstanceConfig, "scheduler" | "priority" | "table" | "onFinished">,
): Instance[] {
  const latency = createLatencyModel(deployment.latency, {
    model: deployment.modelConfig,
    hardware: deployment.hardware,
    tp: deployment.tp,
    dp: deployment.dp,
  });
  return Array.from({ length: numInstances }, () =>
    new Instance({
      ...instance,
      ...parts,
      horizonUs,
      preemption: preemptionPolicies[instance.preemptionPolicy].policy,
      latency,
      kv: createKvCache({
        numBlocks: instance.numBlocks,
        blockSize: instance.blockSize,
        cpuBlocks: instance.kvCpuBlocks,
        transferBandwidth: instance.kvTransferBandwidth,
        transferBaseLatencyUs: instance.kvTransferBaseLatencyUs,
      }, ids),
    }));
}

function routingOf({ routing, numInstances, instance, seed }: Deployment) {
  const context = { numInstances, blockSize: instance.blockSize };
  return routingPolicies[routing.policy].create({
    numInstances,
    random: new Random(streamSeed(seed, "router")),
    scorers: routing.scorers.map(({ name, weight }) => ({
      scorer: scorers[name].create(context),
      weight,
    })),
  });
}
