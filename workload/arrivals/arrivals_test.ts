import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../../sim/internal/random.ts";
import { arrivals, type ArrivalSpec, createArrivals } from "./mod.ts";
import { fittedGaps, spread } from "./spread.ts";

function gaps(spec: ArrivalSpec, ratePerUs: number, count = 20_000): number[] {
  const rng = new Random(3n);
  const process = createArrivals(spec, ratePerUs);
  return Array.from({ length: count }, () => process.nextGapUs(rng));
}

function moments(values: readonly number[]): { mean: number; cv: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, cv: Math.sqrt(variance) / mean };
}

function assertClose(got: number, want: number, tolerance: number): void {
  assert.ok(Math.abs(got - want) <= tolerance * want, `${got} is not within reach of ${want}`);
}

Deno.test("gaps are whole and at least 1 for any rate and form", () => {
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  const spec = fc.record({
    process: fc.constantFrom(...Object.keys(arrivals)),
    cv: fc.option(positive, { nil: undefined }),
    shape: fc.option(positive, { nil: undefined }),
    scale: fc.option(positive, { nil: undefined }),
  });
  fc.assert(
    fc.property(spec, positive, (spec, ratePerUs) => {
      for (const gap of gaps(spec, ratePerUs, 10)) assert.ok(Number.isInteger(gap) && gap >= 1);
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("gaps have the mean that the rate says and the asked variation", () => {
  const cases: [ArrivalSpec, number][] = [
    [{ process: "constant" }, 0],
    [{ process: "poisson" }, 1],
    [{ process: "unheard-of" }, 1],
    [{ process: "gamma", cv: 0.5 }, 0.5],
    [{ process: "gamma", cv: 2 }, 2],
    [{ process: "gamma", cv: 11 }, 1],
    [{ process: "weibull", cv: 0.5 }, 0.5],
    [{ process: "weibull", cv: 1.5 }, 1.5],
    [{ process: "weibull", cv: -1, shape: 1, scale: 0 }, 1],
  ];
  for (const [spec, want] of cases) {
    const { mean, cv } = moments(gaps(spec, 1e-3));
    assertClose(mean, 1000, 0.05);
    assertClose(cv, want, 0.08);
  }
});

Deno.test("shape and scale replace rate and variation", () => {
  const form = { cv: 9, shape: 4, scale: 500 };
  const gamma = moments(gaps({ process: "gamma", ...form }, 1));
  assertClose(gamma.mean, 2000, 0.02);
  assertClose(gamma.cv, 0.5, 0.03);
  assertClose(moments(gaps({ process: "weibull", ...form }, 1)).mean, 500 * 0.9064, 0.02);
});

Deno.test("a constant rate of 10/s has gaps of 99999 µs, since 1e-5 is no binary fraction", () => {
  assert.deepEqual(gaps({ process: "constant" }, 10 / 1e6, 2), [99999, 99999]);
  assert.deepEqual(gaps({ process: "constant" }, 3 / 1e6, 1), [333333]);
});

Deno.test("gaps that are spread over a duration are as many as asked and fill it", () => {
  const process = spread(500, 1e6, () => new Random(5n));
  const values = Array.from({ length: 502 }, () => process.nextGapUs(new Random(1n)));
  assert.deepEqual(values.slice(500), [0, 0]);
  const sum = values.reduce((a, b) => a + b, 0);
  assert.ok(sum <= 1e6 && sum > 1e6 - 500);
});

Deno.test("gaps that are fitted into a window add up to it exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1e9 }), (count, us) => {
      const process = createArrivals({ process: "gamma", cv: 3 }, count / us);
      const values = fittedGaps(process, new Random(9n), { count, durationUs: us });
      assert.equal(values.length, count);
      assert.equal(values.reduce((a, b) => a + b, 0), us);
    }),
    { seed: 7, numRuns: 100 },
  );
});
