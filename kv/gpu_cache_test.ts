import assert from "node:assert/strict";
import { requestWith } from "../tests/fixtures/requests.ts";
import { owned, range, TokenRequests } from "../tests/fixtures/token_requests.ts";
import { BlockIds } from "../sim/shared_content.ts";
import type { Request } from "../sim/request.ts";
import { GpuCache } from "./gpu_cache.ts";

function cacheOf(numBlocks: number, blockSize: number) {
  const allocator = new BlockIds();
  const requests = new TokenRequests(blockSize, allocator);
  return { cache: new GpuCache(numBlocks, blockSize, allocator), requests };
}

function found(cache: GpuCache, request: Request): number[] {
  cache.findCachedPrefix(request);
  return [...cache.found.blocks.subarray(0, cache.found.length)];
}

/** Free list, used blocks, hits, misses, findable blocks. */
function state(cache: GpuCache): string {
  const free = cache.pool.freeList();
  const used = cache.numBlocks - free.length;
  return `${free.join(" ")} | ${used} ${cache.hits} ${cache.misses} ${cache.index.size}`;
}

Deno.test("chunked prompts, decodes, sharing and eviction go as the recorded example says", () => {
  const { cache, requests } = cacheOf(6, 4);
  const a = requests.make(range(1, 10), range(101, 104));
  const b = requests.make(range(1, 9));
  const c = requests.make(range(50, 65));
  const d = requests.make(range(1, 8), [111]);
  const steps: string[] = [];
  const step = (ok: boolean | void) => {
    assert.notEqual(ok, false);
    steps.push(state(cache));
  };
  step();
  step(cache.allocatePrefill(a, 0, 6));
  step(cache.allocatePrefill(a, 6, 10));
  for (const position of [10, 11, 12]) step(cache.allocateDecode(a, position));
  assert.equal(cache.findCachedPrefix(b), 8);
  step(cache.allocatePrefill(b, 8, 9));
  assert.deepEqual(owned(b), [0, 1, 4]);
  step(cache.free(a));
  step(cache.free(b));
  assert.deepEqual(found(cache, requests.make(range(1, 9))), [0, 1]);
  assert.deepEqual(found(cache, requests.make([...range(1, 10), 101, 102])), [0, 1, 2]);
  assert.equal(cache.findCachedPrefix(c), 0);
  step(cache.allocatePrefill(c, 0, 16));
  assert.deepEqual(owned(c), [5, 3, 2, 4]);
  assert.deepEqual(found(cache, b), [0, 1]);
  assert.equal(cache.findCachedPrefix(d), 8);
  step(cache.allocatePrefill(d, 8, 8));
  assert.deepEqual(owned(d), []);
  step(cache.allocateDecode(d, 8));
  assert.deepEqual(owned(d), [1]);
  assert.deepEqual(steps, [
    "0 1 2 3 4 5 | 0 0 0 0",
    "2 3 4 5 | 2 0 2 1",
    "3 4 5 | 3 0 3 2",
    "3 4 5 | 3 0 3 2",
    "3 4 5 | 3 0 3 3",
    "4 5 | 4 0 4 3",
    "5 | 5 2 5 3",
    "5 3 2 | 3 2 5 3",
    "5 3 2 4 1 0 | 0 2 5 3",
    "1 0 | 4 2 9 6",
    "1 0 | 4 2 9 6",
    "0 | 5 2 10 5",
  ]);
});

Deno.test("of two blocks with equal content the later is found, and refilling either hides both", () => {
  const { cache, requests } = cacheOf(4, 2);
  const [x, y] = [requests.make([1, 2]), requests.make([1, 2])];
  assert.ok(cache.allocatePrefill(x, 0, 2));
  assert.ok(cache.allocatePrefill(y, 0, 2));
  assert.deepEqual([owned(x), owned(y), cache.index.size], [[0], [1], 1]);
  assert.deepEqual(found(cache, x), [1]);
  cache.free(x);
  assert.deepEqual(cache.pool.freeList(), [2, 3, 0]);
  assert.ok(cache.allocatePrefill(requests.make(range(11, 16)), 0, 6));
  assert.deepEqual(found(cache, requests.make([1, 2])), []);
  assert.notEqual(cache.pool.content[1], 0);
});

Deno.test("private content is found again by its request after a preemption, by no other", () => {
  const cache = new GpuCache(10, 4, new BlockIds());
  const [first, second] = [requestWith({ promptTokens: 12 }), requestWith({ promptTokens: 12 })];
  assert.ok(cache.allocatePrefill(first, 0, 12));
  assert.equal(cache.cachedBlocks(first), 0);
  cache.preempt(first, 12);
  assert.deepEqual([cache.cachedBlocks(first), cache.cachedBlocks(second)], [3, 0]);
});
