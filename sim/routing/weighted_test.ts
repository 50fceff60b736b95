import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { BUSY_IDLE_BUSIER, type Snapshot, snapshots, viewOf } from "../../tests/fixtures/views.ts";
import { Random } from "../internal/random.ts";
import { type ScorerName, scorers } from "../scorers/mod.ts";
import type { Scorer } from "../scorers/scorer.ts";
import { weighted } from "./weighted.ts";

const REQUEST = requestWith({ promptTokens: 64 });
const NAMES = Object.keys(scorers) as ScorerName[];

type Weights = readonly (readonly [name: ScorerName, weight: number])[];

function policyOf(weights: Weights, numInstances: number) {
  return weighted.create({
    numInstances,
    random: new Random(7),
    scorers: weights.map(([name, weight]) => ({
      scorer: scorers[name].create({ numInstances, blockSize: 16 }),
      weight,
    })),
  });
}

/** Scores, choice and reason of a first decision. */
function decide(weights: Weights, instances: readonly Snapshot[]) {
  const policy = policyOf(weights, instances.length);
  const chosen = policy.route(REQUEST, viewOf(instances));
  return { chosen, scores: [...policy.scores!], reason: policy.reason() };
}

const weightLists: fc.Arbitrary<Weights> = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 1, max: 9 })),
  { minLength: 1, maxLength: 4, selector: ([name]) => name },
);

Deno.test("weighted sums the scores of the recorded example by their normalised weights", () => {
  assert.deepEqual(
    decide([["queue-depth", 2], ["kv-utilization", 2], ["load-balance", 1]], BUSY_IDLE_BUSIER),
    {
      chosen: 1,
      scores: [0.44869565217391305, 0.7285714285714286, 0.045128205128205125],
      reason: "weighted-scoring (score=0.729)",
    },
  );
});

Deno.test("one scorer of any weight decides as that scorer alone", () => {
  const weight = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), weight, snapshots, (name, weight, instances) => {
      const alone = new Float64Array(instances.length);
      const scorer = scorers[name].create({ numInstances: instances.length, blockSize: 16 });
      scorer.score(REQUEST, viewOf(instances), alone);
      const { chosen, scores } = decide([[name, weight]], instances);
      assert.deepEqual(scores, [...alone]);
      assert.equal(scores[chosen], Math.max(...alone));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("weights count by their proportions alone", () => {
  fc.assert(
    fc.property(weightLists, snapshots, (weights, instances) => {
      const doubled = weights.map(([name, weight]) => [name, weight * 2] as const);
      assert.deepEqual(decide(doubled, instances), decide(weights, instances));
    }),
    { seed: 2, numRuns: 500 },
  );
});

Deno.test("permuting the instances permutes the scores of weighted", () => {
  const lists = weightLists.filter((list) => list.every(([name]) => name !== "no-hit-lru"));
  const shuffled = snapshots.chain((instances) =>
    fc.tuple(
      fc.constant(instances),
      fc.shuffledSubarray([...instances.keys()], { minLength: instances.length }),
    )
  );
  fc.assert(
    fc.property(lists, shuffled, (weights, [instances, order]) => {
      const { scores } = decide(weights, instances);
      const permuted = decide(weights, order.map((i) => instances[i]!));
      assert.deepEqual(permuted.scores, order.map((i) => scores[i]!));
    }),
    { seed: 3, numRuns: 500 },
  );
});

Deno.test("weighted chooses among the best only, and each of them comes up", () => {
  const tied = [{ queueDepth: 1 }, { queueDepth: 0 }, { queueDepth: 0 }, { queueDepth: 4 }];
  const policy = policyOf([["queue-depth", 1]], 4);
  const chosen = Array.from({ length: 40 }, () => policy.route(REQUEST, viewOf(tied)));
  assert.deepEqual([...new Set(chosen)].sort((a, b) => a - b), [1, 2]);
});

Deno.test("weighted clamps what a scorer says to [0, 1] and tells it where the request went", () => {
  const seen: number[] = [];
  const wild: Scorer = {
    reads: [],
    score: (_request, _view, out) => out.set([-3, 0.5, 8]),
    onRouted: (_request, instance) => seen.push(instance),
  };
  const context = {
    numInstances: 3,
    random: new Random(7),
    scorers: [{ scorer: wild, weight: 2 }],
  };
  const policy = weighted.create(context);
  policy.route(REQUEST, viewOf([{}, {}, {}]));
  assert.deepEqual([[...policy.scores!], seen], [[0, 0.5, 1], [2]]);
});

Deno.test("weighted reads what its scorers read, each signal once", () => {
  const { reads } = policyOf([["queue-depth", 1], ["load-balance", 1], ["no-hit-lru", 1]], 2);
  assert.deepEqual([...reads].sort(), ["cache", "in-flight", "snapshot"]);
});
