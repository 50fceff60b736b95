import { plainClient } from "./plain_client.ts";
import type { ClientSpec, DistributionSpec, WorkloadSpec } from "./spec.ts";

/** Lengths in tokens, normal within a range. */
export interface LengthRange {
  readonly mean: number;
  readonly stdDev: number;
  readonly min: number;
  readonly max: number;
}

/** Gaps between the requests of a stream: all equal, or exponential. */
export const PLAIN_PROCESSES = ["constant", "poisson"] as const;

/** Who sends the requests: a stream at a rate in requests/s, evenly unless it says so, or virtual users. */
export type Pace =
  | { readonly ratePerSecond: number; readonly process?: typeof PLAIN_PROCESSES[number] }
  | { readonly concurrency: number; readonly thinkTimeUs: number };

/** A workload of one kind of request, as flags describe it. */
export interface PlainWorkload {
  readonly seed: bigint;
  readonly pace: Pace;
  /** The most requests; 0 = no limit. */
  readonly numRequests: number;
  readonly prompt: LengthRange;
  readonly output: LengthRange;
  /** Tokens that all prompts begin with; 0 = none. */
  readonly prefixTokens: number;
}

/** The spec of a workload of one kind of request, of normal lengths. */
export function synthesize(workload: PlainWorkload): WorkloadSpec {
  return plainSpec("distribution", workload);
}

/** The spec of a workload of one client `id`. */
export function plainSpec(id: string, workload: PlainWorkload): WorkloadSpec {
  const { seed, pace, numRequests, prefixTokens } = workload;
  const isOpen = "ratePerSecond" in pace;
  const client: ClientSpec = {
    ...plainClient,
    id,
    ...(isOpen ? { rateFraction: 1 } : pace),
    arrival: { process: isOpen ? pace.process ?? "constant" : "constant" },
    inputDistribution: gaussian(workload.prompt),
    outputDistribution: gaussian(workload.output),
    ...(prefixTokens > 0 && { prefixGroup: "shared", prefixLength: prefixTokens }),
  };
  return {
    version: "2",
    seed,
    category: "language",
    clients: [client],
    cohorts: [],
    aggregateRate: isOpen ? pace.ratePerSecond : 0,
    horizonUs: 0,
    numRequests,
  };
}

function gaussian({ mean, stdDev, min, max }: LengthRange): DistributionSpec {
  return { type: "gaussian", params: { mean, std_dev: stdDev, min, max }, file: "" };
}
