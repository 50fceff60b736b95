import assert from "node:assert/strict";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { viewOf } from "../../tests/fixtures/views.ts";
import { noHitLru } from "./no_hit_lru.ts";

const REQUEST = requestWith({});
const COLD = viewOf([{}, {}, {}]);
const WARM = viewOf([{}, { cached: 1 }, {}]);

/** Scores and then routes requests; yields the scores of each. */
function scoresOfTargets(steps: readonly (readonly [view: typeof COLD, target: number])[]) {
  const scorer = noHitLru.create({ numInstances: 3, blockSize: 16 });
  return steps.map(([view, target]) => {
    const out = new Float64Array(3);
    scorer.score(REQUEST, view, out);
    scorer.onRouted!(REQUEST, target);
    return [...out];
  });
}

Deno.test("no-hit-lru prefers the instance that got a cold prompt longest ago", () => {
  const targets = [1, 0, 1, 2, 0];
  assert.deepEqual(scoresOfTargets(targets.map((target) => [COLD, target])), [
    [1, 0.5, 0],
    [1, 0, 0.5],
    [0, 0.5, 1],
    [0.5, 0, 1],
    [1, 0.5, 0],
  ]);
});

Deno.test("no-hit-lru is neutral to warm prompts and forgets where they went", () => {
  assert.deepEqual(scoresOfTargets([[COLD, 0], [WARM, 1], [COLD, 0]]), [
    [1, 0.5, 0],
    [0.5, 0.5, 0.5],
    [0, 1, 0.5],
  ]);
});

Deno.test("no-hit-lru gives a lone instance 1 for a cold prompt and 0.5 for a warm one", () => {
  const scorer = noHitLru.create({ numInstances: 1, blockSize: 16 });
  const out = new Float64Array(1);
  scorer.score(REQUEST, viewOf([{}]), out);
  assert.equal(out[0], 1);
  scorer.score(REQUEST, viewOf([{ cached: 2 }]), out);
  assert.equal(out[0], 0.5);
});
