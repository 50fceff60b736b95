import type { KvCache } from "../sim/kv_cache.ts";
import type { BlockIds } from "../sim/shared_content.ts";
import { GpuCache } from "./gpu_cache.ts";
import { type TierConfig, TieredCache } from "./tiered_cache.ts";

/** Sizes of a KV cache; with `cpuBlocks` 0 it has no CPU tier, and the transfer figures are ignored. */
export type KvConfig = TierConfig;

/** The KV cache of one instance; `allocator` gives the identities of all shared content of a run. */
export function createKvCache(config: KvConfig, allocator: BlockIds): KvCache {
  return config.cpuBlocks > 0
    ? new TieredCache(config, allocator)
    : new GpuCache(config.numBlocks, config.blockSize, allocator);
}
