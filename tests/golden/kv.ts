import { GpuCache } from "../../kv/gpu_cache.ts";
import { TieredCache } from "../../kv/tiered_cache.ts";
import { TokenIds } from "../../kv/token_ids.ts";
import type { Request } from "../../sim/request.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { requestWith } from "../fixtures/requests.ts";
import { type GoldenSuite, readGolden, type Tally } from "./harness.ts";

interface Sequence {
  readonly config: {
    readonly total_blocks: number;
    readonly block_size: number;
    readonly cpu_blocks: number;
    readonly transfer_bandwidth: number;
    readonly transfer_base_latency: number;
  };
  readonly requests: { readonly id: string; readonly input: number[]; readonly output: number[] }[];
  readonly ops: Operation[];
}

interface Operation {
  readonly op: "lookup" | "alloc" | "release" | "mirror" | "consume_latency";
  readonly req: string;
  readonly result?: number[];
  readonly progress?: number;
  readonly start?: number;
  readonly end?: number;
  readonly cached?: number[];
  readonly ok?: boolean;
  readonly batch?: string[];
  readonly value?: number;
  readonly after: Record<string, unknown>;
}

/** A cache under replay; `gpu` is the cache itself or its upper tier. */
interface Replayed {
  readonly cache: GpuCache | TieredCache;
  readonly gpu: GpuCache;
  readonly byId: ReadonlyMap<string, Request>;
}

/** Recorded operations on the KV cache, one tier and two: results and the whole state after each. */
export const kv: GoldenSuite = async (folder, tally) => {
  for (const name of ["single", "tiered"]) {
    const { sequences } = JSON.parse(await readGolden(folder, `${name}.json`));
    sequences.forEach((sequence: Sequence, i: number) => {
      const replayed = name === "single" ? singleTier(sequence) : twoTiers(sequence);
      replay(sequence, replayed, `${name} ${i}`, tally);
    });
  }
};

function singleTier({ config, requests }: Sequence): Replayed {
  const allocator = new BlockIds();
  const cache = new GpuCache(config.total_blocks, config.block_size, allocator);
  return { cache, gpu: cache, byId: withIds(requests, config.block_size, allocator) };
}

function twoTiers({ config, requests }: Sequence): Replayed {
  const allocator = new BlockIds();
  const cache = new TieredCache({
    numBlocks: config.total_blocks,
    blockSize: config.block_size,
    cpuBlocks: config.cpu_blocks,
    transferBandwidth: config.transfer_bandwidth,
    transferBaseLatencyUs: config.transfer_base_latency,
  }, allocator);
  return { cache, gpu: cache.gpu, byId: withIds(requests, config.block_size, allocator) };
}

function withIds(
  requests: Sequence["requests"],
  blockSize: number,
  allocator: BlockIds,
): Map<string, Request> {
  const tokenIds = new TokenIds(allocator);
  return new Map(requests.map(({ id, input, output }) => {
    const request = requestWith({ promptTokens: input.length, outputTokens: output.length });
    request.blockIds = tokenIds.of(Int32Array.from([...input, ...output]), blockSize);
    return [id, request];
  }));
}

function replay({ ops }: Sequence, replayed: Replayed, name: string, tally: Tally): void {
  ops.forEach((op, i) => {
    const where = `${name} op ${i} ${op.op} ${op.req}`;
    perform(replayed, op, tally, where);
    const state = stateOf(replayed, op);
    for (const [key, want] of Object.entries(op.after)) {
      tally.equal(state[key], want, `${where} ${key}`);
    }
  });
}

function perform({ cache, gpu, byId }: Replayed, op: Operation, tally: Tally, where: string): void {
  const request = byId.get(op.req)!;
  const found = () => [...gpu.found.blocks.subarray(0, gpu.found.length)];
  if (op.op === "release") cache.free(request);
  else if (op.op === "mirror") cache.mirror(op.batch!.map((id) => byId.get(id)!));
  else if (op.op === "consume_latency") tally.equal(cache.takeTransferUs(), op.value, where);
  else if (op.op === "lookup") {
    cache.findCachedPrefix(request);
    tally.equal(found(), op.result, where);
  } else {
    if (op.cached!.length > 0) cache.findCachedPrefix(request);
    else gpu.found.length = 0;
    tally.equal(found(), op.cached, `${where} cached`);
    const ok = op.progress! < request.promptTokens
      ? cache.allocatePrefill(request, op.start!, op.end!)
      : cache.allocateDecode(request, op.progress!);
    tally.equal(ok, op.ok, where);
  }
}

function stateOf({ cache, gpu, byId }: Replayed, op: Operation): Record<string, unknown> {
  const request = byId.get(op.req);
  return {
    used: cache.numBlocks - cache.numFreeBlocks,
    hits: gpu.hits,
    misses: gpu.misses,
    hit_rate: cache.hitRate,
    hashed: gpu.index.size,
    free: gpu.pool.freeList(),
    owned: request === undefined ? undefined : [...request.blocks.subarray(0, request.numBlocks)],
    ...(cache instanceof TieredCache && {
      pending: cache.pendingUs,
      cpu_used: cache.cpu.size,
      cpu_hits: cache.cpuHits,
      cpu_misses: cache.cpuMisses,
      mirrored: cache.cpu.numStored,
      cpu_evictions: cache.cpu.numEvicted,
      thrash: cache.thrashingRate,
    }),
  };
}
