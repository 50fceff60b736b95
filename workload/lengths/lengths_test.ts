import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../../sim/internal/random.ts";
import { createLengths, type LengthParams, lengths, lengthsProblem } from "./mod.ts";

function draws(type: string, params: LengthParams, count = 20_000): number[] {
  const rng = new Random(3n);
  const sampler = createLengths({ type, params });
  return Array.from({ length: count }, () => sampler.next(rng));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function assertClose(got: number, want: number, tolerance: number): void {
  assert.ok(Math.abs(got - want) <= tolerance * want, `${got} is not within reach of ${want}`);
}

Deno.test("lengths are whole, and at least 1 unless a distribution says otherwise", () => {
  const amount = fc.double({ min: -1e20, max: 1e20, noNaN: true });
  const names = [...new Set(Object.values(lengths).flatMap((d) => [...d.required, ...d.optional]))];
  const params = fc.record(Object.fromEntries(names.map((name) => [name, amount])));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(lengths)), params, (type, params) => {
      if (type === "empirical") return;
      fc.pre(lengthsProblem({ type, params }) === undefined);
      const { least } = createLengths({ type, params });
      for (const length of draws(type, params, 20)) {
        assert.ok(Number.isInteger(length) && length >= least);
      }
      assert.ok(least >= 1 || type === "gaussian");
    }),
    { seed: 7, numRuns: 300 },
  );
});

Deno.test("each distribution has the mean that its parameters say", () => {
  assertClose(mean(draws("gaussian", { mean: 500, std_dev: 40, min: 1, max: 9999 })), 500, 0.01);
  assertClose(mean(draws("exponential", { mean: 500 })), 500, 0.03);
  assertClose(mean(draws("lognormal", { mu: 5, sigma: 0.5 })), 148.4 * 1.133, 0.02);
  const body = { alpha: 3, xm: 200, mu: 5, sigma: 0.5 };
  assertClose(mean(draws("pareto_lognormal", { ...body, mix_weight: 1 })), 300, 0.03);
  assertClose(mean(draws("pareto_lognormal", { ...body, mix_weight: 0 })), 168.2, 0.02);
  assertClose(mean(draws("empirical", { 10: 1, 20: 3 })), 17.5, 0.02);
});

Deno.test("limits hold, and are truncated to whole tokens", () => {
  for (
    const [type, params] of [["exponential", { mean: 5 }], ["lognormal", {
      mu: 2,
      sigma: 2,
    }]] as const
  ) {
    const values = draws(type, { ...params, min: 3.9, max: 9.9 });
    assert.deepEqual([Math.min(...values), Math.max(...values)], [3, 9]);
  }
  const clamped = draws("gaussian", { mean: 5, std_dev: 5, min: 2, max: 8 });
  assert.deepEqual([Math.min(...clamped), Math.max(...clamped)], [2, 8]);
  assert.deepEqual(draws("gaussian", { mean: 5, std_dev: 5, min: 8, max: 2 }, 3), [2, 2, 2]);
});

Deno.test("what cannot vary draws nothing", () => {
  const still = [
    { type: "constant", params: { value: 2.9 }, length: 2 },
    { type: "constant", params: { value: -4 }, length: 1 },
    { type: "gaussian", params: { mean: 9, std_dev: 3, min: 0.5, max: 0.9 }, length: 0 },
    { type: "empirical", params: { "12abc": 1, 5: 0, 7: -1 }, length: 12 },
    { type: "empirical", params: { 5: 0 }, length: 1 },
  ];
  for (const { type, params, length } of still) {
    const rng = new Random(3n);
    const sampler = createLengths({ type, params });
    assert.deepEqual([sampler.next(rng), sampler.least], [length, length]);
    assert.equal(rng.uint32(), new Random(3n).uint32());
  }
});

Deno.test("a length beyond 64 bits is the least there can be", () => {
  assert.deepEqual(draws("lognormal", { mu: 50, sigma: 0.1 }, 2), [1, 1]);
  assert.deepEqual(draws("lognormal", { mu: 900, sigma: 1, min: 6, max: 9 }, 2), [6, 6]);
  assert.deepEqual(draws("exponential", { mean: 1e300 }, 2), [1, 1]);
});

Deno.test("a measured distribution keeps its lengths, also 0 and below, and their weights", () => {
  const values = draws("empirical", { "-3": 1, 0: 2, " 4": 1 });
  const share = (length: number) => values.filter((v) => v === length).length / values.length;
  assertClose(share(-3), 0.25, 0.05);
  assertClose(share(0), 0.5, 0.05);
  assertClose(share(4), 0.25, 0.05);
  assert.equal(createLengths({ type: "empirical", params: { 0: 1, 4: 1 } }).least, 0);
});

Deno.test("a distribution that cannot be made says why, and where", () => {
  assert.equal(lengthsProblem({ type: "toString", params: {} })?.key, "type");
  assert.deepEqual(lengthsProblem({ type: "pareto_lognormal", params: { alpha: 1, mu: 2 } }), {
    key: "params",
    message: 'it must have alpha, xm, mu, sigma, mix_weight, and "xm" is missing',
  });
  assert.equal(
    lengthsProblem({ type: "exponential", params: { mean: 1, min: 3.2, max: 3.1 } }),
    undefined,
  );
  assert.equal(
    lengthsProblem({ type: "exponential", params: { mean: 1, min: 4, max: 3 } })?.message,
    "min (4) must be <= max (3)",
  );
});
