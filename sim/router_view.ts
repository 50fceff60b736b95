import type { Request } from "./request.ts";

/**
 * What a policy reads of the instances. `snapshot`: queues, batches and KV use as of the last
 * refresh; `in-flight`: the router's own count, always current; `cache`: the prefix caches as of
 * their last refresh.
 */
export type Signal = "snapshot" | "in-flight" | "cache";

/** All that admission and routing may see: columns with one entry per instance, possibly stale. */
export interface RouterView {
  /** Time of the decision in µs. */
  readonly nowUs: number;
  /** Instances that serve the request; 0 only for admission, since nothing is routed then. */
  readonly size: number;
  /** Waiting requests. */
  readonly queueDepth: Float64Array;
  /** Running requests. */
  readonly batchSize: Float64Array;
  /** Used share of the KV blocks, in [0, 1]. */
  readonly kvUtilization: Float64Array;
  readonly freeBlocks: Float64Array;
  /** Requests sent there that have not ended. */
  readonly inFlight: Float64Array;
  /** Waiting, running and in-flight requests: those that are both count twice, as in the reference. */
  load(instance: number): number;
  /** Leading full blocks of the prompt that each instance has cached. */
  cachedBlocks(request: Request, out: Float64Array): void;
}
