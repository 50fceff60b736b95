import assert from "node:assert/strict";
import { oneSidedBound } from "./one_sided_bound.ts";

Deno.test("the bound of a few values is their mean and t times their standard error", () => {
  // Mean 3, s = 1.5811, s/√5 = 0.70711, t of 4 degrees of freedom = 2.132.
  const values = [1, 2, 3, 4, 5];
  assert.ok(Math.abs(oneSidedBound(values, "upper") - 4.50755) < 1e-4);
  assert.ok(Math.abs(oneSidedBound(values, "lower") - 1.49245) < 1e-4);
});

Deno.test("equal values and a single one are their own bounds", () => {
  assert.equal(oneSidedBound([7, 7, 7], "upper"), 7);
  assert.equal(oneSidedBound([7], "lower"), 7);
});

Deno.test("more values than the table has keep its last quantile", () => {
  const values = Array.from({ length: 100 }, (_, i) => i % 2);
  // Mean 0.5, s/√100 = 0.050252.
  assert.ok(Math.abs(oneSidedBound(values, "upper") - (0.5 + 1.697 * 0.0502519)) < 1e-6);
});
