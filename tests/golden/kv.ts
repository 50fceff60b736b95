import { GpuCache } from "../../kv/gpu_cache.ts";
import { TokenIds } from "../../kv/token_ids.ts";
import { Request } from "../../sim/request.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { requestWith } from "../fixtures/requests.ts";
import { type GoldenSuite, readGolden, type Tally } from "./harness.ts";

interface Sequence {
  readonly config: { readonly total_blocks: number; readonly block_size: number };
  readonly requests: { readonly id: string; readonly input: number[]; readonly output: number[] }[];
  readonly ops: Operation[];
}

interface Operation {
  readonly op: "lookup" | "alloc" | "release";
  readonly req: string;
  readonly result?: number[];
  readonly progress?: number;
  readonly start?: number;
  readonly end?: number;
  readonly cached?: number[];
  readonly ok?: boolean;
  readonly after: Record<string, unknown>;
}

/** Recorded operations on the KV cache: results and the whole state after each. */
export const kv: GoldenSuite = async (folder, tally) => {
  const { sequences } = JSON.parse(await readGolden(folder, "single.json"));
  sequences.forEach((sequence: Sequence, i: number) => replay(sequence, `single ${i}`, tally));
};

function replay({ config, requests, ops }: Sequence, name: string, tally: Tally): void {
  const allocator = new BlockIds();
  const tokenIds = new TokenIds(allocator);
  const cache = new GpuCache(config.total_blocks, config.block_size, allocator);
  const byId = new Map(requests.map(({ id, input, output }) => {
    const request = requestWith({ promptTokens: input.length, outputTokens: output.length });
    request.blockIds = tokenIds.of(Int32Array.from([...input, ...output]), config.block_size);
    return [id, request];
  }));
  ops.forEach((op, i) => {
    const request = byId.get(op.req)!;
    const where = `${name} op ${i} ${op.op} ${op.req}`;
    perform(cache, request, op, tally, where);
    for (const [key, want] of Object.entries(op.after)) {
      tally.equal(state(cache, request)[key], want, `${where} ${key}`);
    }
  });
}

function perform(cache: GpuCache, request: Request, op: Operation, tally: Tally, where: string) {
  const found = () => [...cache.found.subarray(0, cache.numFound)];
  if (op.op === "release") cache.free(request);
  else if (op.op === "lookup") {
    cache.findCachedPrefix(request);
    tally.equal(found(), op.result, where);
  } else {
    if (op.cached!.length > 0) cache.findCachedPrefix(request);
    else cache.numFound = 0;
    tally.equal(found(), op.cached, `${where} cached`);
    const ok = op.progress! < request.promptTokens
      ? cache.allocatePrefill(request, op.start!, op.end!)
      : cache.allocateDecode(request, op.progress!);
    tally.equal(ok, op.ok, where);
  }
}

function state(cache: GpuCache, request: Request): Record<string, unknown> {
  return {
    used: cache.numBlocks - cache.numFreeBlocks,
    hits: cache.hits,
    misses: cache.misses,
    hit_rate: cache.hitRate,
    hashed: cache.index.size,
    free: cache.pool.freeList(),
    owned: [...request.blocks.subarray(0, request.numBlocks)],
  };
}
