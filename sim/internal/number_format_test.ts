import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonText, shortestFloat, toFixedEven } from "./number_format.ts";

Deno.test("toFixedEven rounds exact ties to even", () => {
  const cases: [number, number, string][] = [
    [0.125, 2, "0.12"],
    [0.375, 2, "0.38"],
    [8330.125, 2, "8330.12"],
    [-0.125, 2, "-0.12"],
    [2.5, 0, "2"],
    [0.5, 0, "0"],
    [1.005, 2, "1.00"],
    [1e21, 2, "1000000000000000000000.00"],
    [-0.5, 0, "-0"],
    [1e22, 0, "10000000000000000000000"],
    [0, 4, "0.0000"],
    [-0, 2, "-0.00"],
    [Infinity, 2, "+Inf"],
  ];
  for (const [x, digits, want] of cases) assert.equal(toFixedEven(x, digits), want);
});

Deno.test("toFixedEven differs from toFixed by nothing but ties", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (x) => {
      if (Number.isInteger(x * 8)) return;
      assert.equal(toFixedEven(x, 2), x.toFixed(2));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("shortestFloat writes exponents as Go does", () => {
  const cases: [number, string][] = [
    [100000, "100000"],
    [123456, "123456"],
    [1e6, "1e+06"],
    [1234567, "1.234567e+06"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [123456.75, "123456.75"],
    [0, "0"],
    [-2, "-2"],
    [-Infinity, "-Inf"],
    [NaN, "NaN"],
  ];
  for (const [x, want] of cases) assert.equal(shortestFloat(x), want);
});

Deno.test("jsonText escapes what HTML would read", () => {
  assert.equal(jsonText({ a: "<b>&\u2028" }), '{\n  "a": "\\u003cb\\u003e\\u0026\\u2028"\n}');
});
