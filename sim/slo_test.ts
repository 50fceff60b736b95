import assert from "node:assert/strict";
import fc from "fast-check";
import { jainIndex, SloRanks } from "./slo.ts";

/** Ranks of classes under the overrides of a policy file. */
function ranksOf(classes: readonly string[], overrides: Readonly<Record<string, number>> = {}) {
  const ranks = new SloRanks(overrides);
  return classes.map((sloClass) => ranks.rank(sloClass));
}

Deno.test("classes rank from critical to background, unknown ones as standard", () => {
  const classes = ["critical", "standard", "", "unheard-of", "batch", "sheddable", "background"];
  assert.deepEqual(ranksOf(classes), [0, 1, 1, 1, 5, 6, 7]);
});

Deno.test("an override shifts all ranks so that the most urgent class stays at 0", () => {
  const classes = ["critical", "standard", "batch"];
  assert.deepEqual(ranksOf(classes, { critical: 10 }), [0, 7, 11]);
  assert.deepEqual(ranksOf(["gold", ...classes], { gold: 5 }), [0, 1, 2, 6]);
});

Deno.test("an override of standard leaves unknown classes where they were", () => {
  assert.deepEqual(ranksOf(["standard", "", "critical"], { standard: -50 }), [54, 1, 0]);
  assert.deepEqual(ranksOf([""], { critical: -1, standard: -1 }), [0]);
});

Deno.test("Jain's index of the worked example is 6/7", () => {
  assert.equal(jainIndex([100, 200, 300]), 0.8571428571428571);
});

Deno.test("Jain's index lies between 1/n and 1, and equal shares are perfectly fair", () => {
  const shares = fc.array(fc.nat(1000), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(shares, (shares) => {
      const index = jainIndex(shares);
      assert.ok(index >= 1 / shares.length - 1e-12 && index <= 1 + 1e-12);
      const equal = jainIndex(shares.map(() => shares[0]!));
      assert.ok(Math.abs(equal - 1) < 1e-12);
    }),
    { seed: 1, numRuns: 300 },
  );
  assert.equal(jainIndex([]), 0);
  assert.equal(jainIndex([9, 0, 0]), 1 / 3);
});
