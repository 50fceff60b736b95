import type { Request } from "./request.ts";

/** The paged KV cache of one instance, with prefix caching, as the engine uses it. */
export interface KvCache {
  /** Tokens of a block. */
  readonly blockSize: number;
  readonly numBlocks: number;
  readonly numFreeBlocks: number;
  /** True if `allocateDecode` does nothing but at the first and last token of a block. */
  readonly decodesTouchBlocksOnly: boolean;
  /** True if a prompt that goes on may be reloaded from another tier, so that the blocks it takes are not known before. */
  readonly reloads: boolean;
  /** Blocks claimed from the prefix cache ÷ blocks claimed or opened, over the whole run; 0 if none. */
  readonly hitRate: number;
  /** CPU tier: evicted ÷ mirrored blocks, 0 without a CPU tier. */
  readonly thrashingRate: number;

  /**
   * Finds the longest run of cached full blocks at the head of the prompt, for an
   * `allocatePrefill` that follows at once. Returns its tokens; changes nothing.
   */
  findCachedPrefix(request: Request): number;

  /**
   * Allocates prompt tokens [from, to). For a request that enters the batch `from` is what
   * `findCachedPrefix` returned and that prefix is claimed too. False if they do not fit: then a
   * single tier has changed nothing, while a reload may have claimed a part for the request.
   */
  allocatePrefill(request: Request, from: number, to: number): boolean;

  /** Allocates the output token at `position` of prompt + output; false if that needs a block and none is free. */
  allocateDecode(request: Request, position: number): boolean;

  /** Drops all blocks of a request that ended. */
  free(request: Request): void;

  /** Drops all blocks of a preempted request that has `numTokens` tokens, which may find them again. */
  preempt(request: Request, numTokens: number): void;

  /** Leading full blocks of the prompt that are cached now; a pure query for the router. */
  cachedBlocks(request: Request): number;

  /** The same as of the last `refreshSignal`; 0 before the first. */
  signalledBlocks(request: Request): number;

  /** Renews what `signalledBlocks` tells. */
  refreshSignal(): void;

  /** Copies the blocks that became full to the CPU tier; nothing without one. */
  mirror(running: readonly Request[]): void;

  /** µs that the tiers add to the next step; asking clears it. */
  takeTransferUs(): number;
}
