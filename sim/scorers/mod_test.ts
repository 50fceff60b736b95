import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { BUSY_IDLE_BUSIER, type Snapshot, snapshots, viewOf } from "../../tests/fixtures/views.ts";
import { BlockIds, SharedContent } from "../shared_content.ts";
import { type ScorerName, scorers } from "./mod.ts";

const NAMES = Object.keys(scorers) as ScorerName[];

/** Scores of fresh instances for one request. */
function scoresOf(name: ScorerName, instances: readonly Snapshot[]): number[] {
  const scorer = scorers[name].create({ numInstances: instances.length, blockSize: 16 });
  const out = new Float64Array(instances.length).fill(NaN);
  scorer.score(requestWith({ promptTokens: 64 }), viewOf(instances), out);
  return [...out];
}

Deno.test("scorers rate the recorded example as the reference does", () => {
  const expected: Partial<Record<ScorerName, number[]>> = {
    "active-requests": [0.5, 0.85, 0],
    "kv-utilization": [0.5, 0.75, 0.09999999999999998],
    "load-aware": [0.484375, 0.5, 0.4609375],
    "load-balance": [0.043478260869565216, 0.14285714285714285, 0.02564102564102564],
    "queue-depth": [0.6, 1, 0],
    "running-requests": [0, 1, 0],
    "vllm-dp": [0.5333333333333333, 1, 0],
  };
  for (const [name, scores] of Object.entries(expected)) {
    assert.deepEqual(scoresOf(name as ScorerName, BUSY_IDLE_BUSIER), scores, name);
  }
});

Deno.test("instances that are alike are rated by the rule for ties", () => {
  const busy = { queueDepth: 5, batchSize: 7, kvUtilization: 0.5, inFlight: 12, cached: 2 };
  const expected: Record<ScorerName, number> = {
    "active-requests": 0,
    "kv-utilization": 0.5,
    "load-aware": 0.5 * (1 - 5 / 128),
    "load-balance": 1 / 25,
    "no-hit-lru": 0.5,
    "precise-prefix-cache": 1,
    "prefix-affinity": 0,
    "queue-depth": 1,
    "running-requests": 1,
    "vllm-dp": 1,
  };
  for (const name of NAMES) {
    assert.deepEqual(scoresOf(name, [busy, busy]), [expected[name], expected[name]], name);
  }
});

Deno.test("idle instances get the best rating that a scorer gives", () => {
  const best: Partial<Record<ScorerName, number>> = { "load-aware": 0.5, "prefix-affinity": 0 };
  const idle = { freeBlocks: 100 };
  for (const name of NAMES) {
    if (name === "no-hit-lru") continue;
    const rating = best[name] ?? 1;
    assert.deepEqual(scoresOf(name, [idle, idle]), [rating, rating], name);
  }
});

Deno.test("load-aware gives a queue of 128 requests and any longer one 0", () => {
  const queues = [127, 128, 1000].map((queueDepth) => ({ queueDepth }));
  assert.deepEqual(scoresOf("load-aware", queues), [0.5 / 128, 0, 0]);
});

Deno.test("every score lies between 0 and 1", () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), snapshots, (name, instances) => {
      for (const score of scoresOf(name, instances)) assert.ok(score >= 0 && score <= 1);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("what a scorer thinks of an instance does not depend on the instance's index", () => {
  const names = NAMES.filter((name) => name !== "no-hit-lru");
  fc.assert(
    fc.property(fc.constantFrom(...names), snapshots, (name, instances) => {
      const reversed = scoresOf(name, instances.toReversed());
      assert.deepEqual(reversed, scoresOf(name, instances).toReversed());
    }),
    { seed: 2, numRuns: 1000 },
  );
});

Deno.test("precise-prefix-cache rates by the cached prefix, from the shortest to the longest", () => {
  const cached = [2, 8, 4].map((blocks) => ({ cached: blocks }));
  assert.deepEqual(scoresOf("precise-prefix-cache", cached), [0, 1, 1 / 3]);
});

Deno.test("prefix-affinity rates by the share of the prompt that was sent there before", () => {
  const scorer = scorers["prefix-affinity"].create({ numInstances: 2, blockSize: 16 });
  const group = new SharedContent(new BlockIds());
  const prompt = (promptTokens: number, sharedTokens = promptTokens) =>
    requestWith({ promptTokens, shared: group, sharedTokens });
  const out = new Float64Array(2);
  scorer.onRouted!(prompt(100, 40), 1);
  scorer.score(prompt(64), viewOf([{}, {}]), out);
  assert.deepEqual([...out], [0, 2 / 4]);
  scorer.score(prompt(15), viewOf([{}, {}]), out);
  assert.deepEqual([...out], [0, 0], "a prompt without a full block matches nothing");
  scorer.score(requestWith({ promptTokens: 100 }), viewOf([{}, {}]), out);
  assert.deepEqual([...out], [0, 0], "content of its own matches nothing");
});
