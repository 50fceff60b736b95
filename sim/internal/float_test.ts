import assert from "node:assert/strict";
import elementary from "../../tests/fixtures/elementary.json" with { type: "json" };
import { cos, exp, fma, gamma, ln, pow, roundHalfAway, toInt } from "./float.ts";

/** Distance in units of the last place. */
function ulps(a: number, b: number): number {
  const bits = new BigInt64Array(new Float64Array([a, b]).buffer);
  return Math.abs(Number(bits[0]! - bits[1]!));
}

// The expected values were computed with 60 decimal digits.
Deno.test("exp and ln are within one unit of the last place of the exact value", () => {
  for (const [x, want] of elementary.exp) assert.ok(ulps(exp(x!), want!) <= 1, `exp(${x})`);
  for (const [x, want] of elementary.ln) assert.ok(ulps(ln(x!), want!) <= 1, `ln(${x})`);
});

Deno.test("pow is close to the exact value and exact at its special points", () => {
  for (const [x, y, want] of elementary.pow) {
    assert.ok(ulps(pow(x!, y!), want!) <= 16, `pow(${x}, ${y})`);
  }
  assert.equal(pow(0, 2), 0);
  assert.equal(pow(0, -2), Infinity);
  assert.equal(pow(7, 0), 1);
  assert.equal(pow(7, 0.5), Math.sqrt(7));
  assert.equal(pow(2, 1023), 2 ** 1023);
  assert.equal(pow(2, -1074), 5e-324);
  assert.equal(pow(10, 400), Infinity);
});

Deno.test("exp and ln have their limits", () => {
  assert.deepEqual([exp(-Infinity), exp(710), exp(-800), exp(0)], [0, Infinity, 0, 1]);
  assert.deepEqual([ln(0), ln(-1), ln(1), ln(Infinity)], [-Infinity, NaN, 0, Infinity]);
});

Deno.test("fma rounds once", () => {
  const a = 1 + 2 ** -30;
  assert.equal(fma(a, a, -1 - 2 ** -29), 2 ** -60);
  assert.equal(fma(3, 4, 5), 17);
});

Deno.test("gamma of a whole number is a factorial, cos follows the circle", () => {
  assert.deepEqual([gamma(2), gamma(5), gamma(11)], [1, 24, 3628800]);
  assert.ok(ulps(gamma(1.5), Math.sqrt(Math.PI) / 2) <= 2);
  assert.equal(cos(0), 1);
  for (const x of [0.5, 1, 2, 3, 4, 5, 6, -7]) assert.ok(Math.abs(cos(x) - Math.cos(x)) < 1e-15);
});

Deno.test("rounding goes away from zero, conversion toward it", () => {
  assert.deepEqual([-2.5, 2.5, 0.49999999999999994, -0.5].map(roundHalfAway), [-3, 3, 0, -1]);
  assert.deepEqual([1.9, -1.9, -0.5].map(toInt), [1, -1, 0]);
  assert.deepEqual([NaN, 1e30, -1e30].map(toInt), [-(2 ** 63), -(2 ** 63), -(2 ** 63)]);
});
