import assert from "node:assert/strict";
import { estimate, oneSidedBound, tQuantile } from "./statistics.ts";

Deno.test("quantiles of Student's t are those of the tables", () => {
  // Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, critical values of t.
  const tables = [
    [0.95, 1, 6.314],
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 3, 3.182],
    [0.995, 4, 4.604],
    [0.975, 9, 2.262],
    [0.9, 10, 1.372],
    [0.999, 30, 3.385],
    [0.975, 100, 1.984],
  ] as const;
  for (const [p, dof, expected] of tables) {
    assert.equal(tQuantile(p, dof).toFixed(3), expected.toFixed(3), `${p} of ${dof}`);
  }
});

Deno.test("an interval reaches t standard errors to both sides of the mean", () => {
  const { mean, halfWidth } = estimate([4, 6, 8], 0.95);
  assert.equal(mean, 6);
  assert.equal(halfWidth, tQuantile(0.975, 2) * 2 / Math.sqrt(3));
  assert.deepEqual(estimate([5, 5, 5, 5], 0.99), { mean: 5, halfWidth: 0 });
});

Deno.test("a single value has a mean and no interval", () => {
  assert.deepEqual(estimate([5], 0.95), { mean: 5, halfWidth: NaN });
});

Deno.test("a one-sided bound is the mean and t times its standard error", () => {
  // Mean 3, s = 1.5811, s/√5 = 0.70711, t of 4 degrees of freedom = 2.132.
  const values = [1, 2, 3, 4, 5];
  assert.ok(Math.abs(oneSidedBound(values, "upper") - 4.50755) < 2e-4);
  assert.ok(Math.abs(oneSidedBound(values, "lower") - 1.49245) < 2e-4);
});

Deno.test("equal values and a single one are their own bounds", () => {
  assert.equal(oneSidedBound([7, 7, 7], "upper"), 7);
  assert.equal(oneSidedBound([7], "lower"), 7);
});
