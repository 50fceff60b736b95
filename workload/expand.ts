import { InvariantError } from "../sim/internal/errors.ts";
import type { Arrivals } from "./arrivals/mod.ts";
import { cohortMembers } from "./cohorts.ts";
import { inferencePerfLoad } from "./inference_perf.ts";
import type { ClientSpec, WorkloadSpec } from "./spec.ts";

/** A client that may have arrivals which no spec can state. */
export type LoadClient = ClientSpec & {
  /** Makes its arrivals from the seed of a random stream of their own. */
  readonly ownArrivals?: (seed: number) => Arrivals;
};

/** All clients of a workload and their rate in requests/s; 0 = each window has its own. */
export interface Load {
  readonly clients: readonly LoadClient[];
  readonly aggregateRate: number;
}

/** The load of a spec: clients first, then the members of its cohorts. */
export function loadOf(spec: WorkloadSpec): Load {
  if (spec.servegenData !== undefined && spec.cohorts.length === 0) {
    throw new InvariantError("servegen_data must be expanded before anything is generated");
  }
  const { clients, aggregateRate } = spec.inferencePerf === undefined
    ? spec
    : inferencePerfLoad(spec.inferencePerf);
  return { clients: [...clients, ...spec.cohorts.flatMap(cohortMembers)], aggregateRate };
}
