import assert from "node:assert/strict";
import fc from "fast-check";
import { instanceWith, runAll } from "../tests/fixtures/instances.ts";
import { LiteralCache } from "../tests/fixtures/literal_cache.ts";
import { build, type Scenario, scenario } from "../tests/fixtures/scenarios.ts";
import type { KvCache } from "../sim/kv_cache.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { createKvCache } from "./mod.ts";
import type { TierConfig } from "./tiered_cache.ts";

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
  const parts = instanceWith({ ...options, kv });
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
