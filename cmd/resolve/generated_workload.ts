import type { Deployment } from "../../cluster/deployment.ts";
import { needsTokens } from "../../cluster/hashed_source.ts";
import type { RequestTargets } from "../../cluster/slo_limits.ts";
import type { RequestSource } from "../../sim/request_source.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { generate } from "../../workload/generate.ts";
import type { ResolvedWorkload } from "./workload.ts";

/** The requests of a resolved workload, ready for a deployment. */
export interface GeneratedWorkload {
  readonly source: RequestSource;
  /** The allocator of the source's shared content. */
  readonly ids: BlockIds;
  /** The most requests; Infinity = unknown. */
  readonly maxRequests: number;
  /** What the workload asks of its SLO classes, for goodput. */
  readonly requestTargets: RequestTargets | undefined;
}

/** Generates a workload for one run of a deployment. */
export function generatedWorkload(
  workload: ResolvedWorkload,
  { instance }: Deployment,
): GeneratedWorkload {
  const ids = new BlockIds();
  const { spec, timeoutUs, ...bounds } = workload;
  const source = generate(spec, {
    ...bounds,
    ids,
    keepTokens: needsTokens(instance.blockSize),
    ...(timeoutUs !== undefined && { timeoutUs }),
  });
  const maxRequests = workload.maxRequests > 0 ? workload.maxRequests : Infinity;
  return { source, ids, maxRequests, requestTargets: spec.goodputSloTargets };
}
