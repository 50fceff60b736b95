import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import type { Request } from "../sim/request.ts";
import { BlockIds, SharedContent } from "../sim/shared_content.ts";
import { GpuCache } from "./gpu_cache.ts";

const BLOCK_SIZE = 4;
const NUM_GROUPS = 4;
const LONGEST = 48;

const ops = fc.array(
  fc.record({
    kind: fc.constantFrom("admit", "admit", "admit", "decode", "free", "preempt", "refresh"),
    group: fc.nat(NUM_GROUPS - 1),
    promptTokens: fc.integer({ min: 1, max: LONGEST }),
    sharedTokens: fc.nat(LONGEST),
    pick: fc.nat(),
  }),
  { maxLength: 120, size: "max" },
);

/** Lets requests come and go in a small cache as an instance would; `onRefresh` and `onStep` watch. */
function exercise(
  list: typeof ops extends fc.Arbitrary<infer T> ? T : never,
  watch: (cache: GpuCache, probes: readonly Request[], isRefresh: boolean) => void,
): void {
  const ids = new BlockIds();
  const cache = new GpuCache(14, BLOCK_SIZE, ids);
  const groups = Array.from({ length: NUM_GROUPS }, () => new SharedContent(ids));
  const probes = groups.map((shared) =>
    requestWith({ promptTokens: LONGEST, shared, sharedTokens: LONGEST })
  );
  const held: { readonly request: Request; tokens: number }[] = [];
  list.forEach(({ kind, group, promptTokens, sharedTokens, pick }, number) => {
    const index = pick % Math.max(1, held.length);
    const entry = held[index];
    if (kind === "refresh") cache.refreshSignal();
    else if (kind === "admit") {
      const shared = groups[group]!;
      const request = requestWith({ number, promptTokens, shared, sharedTokens });
      const cached = cache.findCachedPrefix(request);
      if (cache.allocatePrefill(request, cached, promptTokens)) {
        held.push({ request, tokens: promptTokens });
      }
    } else if (entry !== undefined && kind === "decode") {
      if (cache.allocateDecode(entry.request, entry.tokens)) entry.tokens++;
    } else if (entry !== undefined) {
      held.splice(index, 1);
      if (kind === "free") cache.free(entry.request);
      else cache.preempt(entry.request, entry.tokens);
    }
    watch(cache, probes, kind === "refresh");
  });
}

Deno.test("the signal tells what a copy of the cache taken at the last refresh would tell", () => {
  fc.assert(
    fc.property(ops, (list) => {
      let copy = new Array<number>(NUM_GROUPS).fill(0);
      exercise(list, (cache, probes, isRefresh) => {
        if (isRefresh) copy = probes.map((probe) => cache.cachedBlocks(probe));
        assert.deepEqual(probes.map((probe) => cache.signalledBlocks(probe)), copy);
      });
    }),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("the random operations do age the signal", () => {
  let fewer = 0;
  let more = 0;
  fc.assert(
    fc.property(ops, (list) => {
      exercise(list, (cache, probes) => {
        for (const probe of probes) {
          const difference = cache.cachedBlocks(probe) - cache.signalledBlocks(probe);
          if (difference < 0) fewer++;
          if (difference > 0) more++;
        }
      });
    }),
    { seed: 1, numRuns: 50 },
  );
  assert.ok(fewer > 20 && more > 20, `${fewer} times less cached than signalled, ${more} more`);
});

Deno.test("before its first refresh the signal is of an empty cache", () => {
  const ids = new BlockIds();
  const cache = new GpuCache(14, BLOCK_SIZE, ids);
  const shared = new SharedContent(ids);
  const request = requestWith({ promptTokens: 8, shared, sharedTokens: 8 });
  cache.allocatePrefill(request, 0, 8);
  assert.deepEqual([cache.cachedBlocks(request), cache.signalledBlocks(request)], [2, 0]);
  cache.refreshSignal();
  assert.equal(cache.signalledBlocks(request), 2);
});
