import assert from "node:assert/strict";
import fc from "fast-check";
import { instanceWith, runAll } from "../tests/fixtures/instances.ts";
import { LiteralCache } from "../tests/fixtures/literal_cache.ts";
import { build, type Scenario, scenario } from "../tests/fixtures/scenarios.ts";
import { owned, range, TokenRequests } from "../tests/fixtures/token_requests.ts";
import type { KvCache } from "../sim/kv_cache.ts";
import type { Request } from "../sim/request.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { createKvCache } from "./mod.ts";
import { type TierConfig, TieredCache } from "./tiered_cache.ts";

const tiers = fc.record({
  cpuBlocks: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 150 })),
  transferBandwidth: fc.constantFrom(0.7, 100),
  transferBaseLatencyUs: fc.constantFrom(0, 20),
});

/** All that a run leaves behind of the requests and the cache. */
function outcome(
  given: Scenario,
  tier: Omit<TierConfig, "numBlocks" | "blockSize">,
  create: (config: TierConfig, ids: BlockIds) => KvCache,
) {
  const { options, requests } = build(given);
  const { numBlocks, blockSize } = options;
  const kv = create({ ...tier, numBlocks: numBlocks!, blockSize: blockSize! }, options.ids!);
  // Waiting requests may hold blocks that the others lack, so that none ever runs again.
  const horizonUs = Math.min(options.horizonUs!, 1e6);
  const parts = instanceWith({ ...options, horizonUs, kv });
  runAll(parts, requests);
  const { metrics, nowUs, waiting, running } = parts.instance;
  return {
    metrics: { ...metrics, dropped: [...metrics.dropped] },
    nowUs,
    left: [waiting.length, running.size],
    e2e: [...parts.table.e2eUs.view()],
    ttft: [...parts.table.ttftUs.view()],
    kv: [kv.hitRate, kv.thrashingRate, kv.numFreeBlocks],
  };
}

Deno.test("runs with one tier and with two equal those with a cache that handles every token", () => {
  fc.assert(
    fc.property(scenario, tiers, (given, tier) => {
      const literal = outcome(given, tier, (config) => new LiteralCache(config));
      assert.deepEqual(outcome(given, tier, createKvCache), literal);
    }),
    { seed: 1, numRuns: 1500 },
  );
});

Deno.test("a reload destroys a found but unclaimed prefix, as the recorded example says", () => {
  const ids = new BlockIds();
  const requests = new TokenRequests(4, ids);
  const cache = new TieredCache({
    numBlocks: 4,
    blockSize: 4,
    cpuBlocks: 3,
    transferBandwidth: 1.5,
    transferBaseLatencyUs: 7,
  }, ids);
  const [p, q, r] = [range(1, 12), range(31, 42), range(1, 14)].map((tokens) =>
    requests.make(tokens)
  ) as [Request, Request, Request];
  assert.ok(cache.allocatePrefill(p, 0, 12));
  cache.mirror([p]);
  assert.deepEqual([cache.cpu.size, cache.cpu.numStored], [3, 3]);
  cache.free(p);
  assert.deepEqual(cache.gpu.pool.freeList(), [3, 2, 1, 0]);
  assert.ok(cache.allocatePrefill(q, 0, 12));
  cache.free(q);
  assert.deepEqual(cache.gpu.pool.freeList(), [0, 1, 2, 3]);
  assert.equal(cache.findCachedPrefix(r), 4);
  assert.ok(cache.allocatePrefill(r, 4, 14));
  assert.deepEqual(owned(r), [0, 2, 3, 1]);
  assert.deepEqual([cache.gpu.hits, cache.gpu.misses, cache.cpuHits], [1, 9, 2]);
  assert.equal(cache.hitRate, 0.1);
  assert.equal(cache.takeTransferUs(), 20);
  assert.equal(cache.takeTransferUs(), 0);
});
