import assert from "node:assert/strict";
import fc from "fast-check";
import {
  distributionOf,
  mean,
  percentile,
  percentileMs,
  wholeDistributionOf,
} from "./distribution.ts";

/** The formula of the printed metrics, on an ascending list: in ms, from µs. */
function plainPercentileMs(ascending: readonly number[], p: number): number {
  const rank = (p / 100) * (ascending.length - 1);
  const low = Math.floor(rank);
  const high = Math.ceil(rank);
  if (low === high) return ascending[low]! / 1000;
  return ascending[low]! / 1000 + ((ascending[high]! - ascending[low]!) * (rank - low)) / 1000;
}

const lists = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 200 });
const PERCENTILES = [50, 90, 95, 99];

Deno.test("the worked example has mean 3, p50 3, p95 4.8 and p99 4.96", () => {
  for (const make of [distributionOf, wholeDistributionOf]) {
    const values = make(Float64Array.of(5, 1, 4, 2, 3));
    assert.deepEqual([mean(values), percentile(values, 50)], [3, 3]);
    assert.deepEqual([percentile(values, 95), percentile(values, 99)], [4.8, 4.96]);
  }
});

Deno.test("an empty list has mean and percentiles 0, a single value is all of its own", () => {
  for (const make of [distributionOf, wholeDistributionOf]) {
    const none = make(new Float64Array(0));
    assert.deepEqual([mean(none), percentile(none, 99), percentileMs(none, 99)], [0, 0, 0]);
    const one = make(Float64Array.of(1500));
    assert.deepEqual([mean(one), percentile(one, 99), percentileMs(one, 99)], [1500, 1500, 1.5]);
  }
});

Deno.test("percentiles in ms equal the formula on a sorted list, bit for bit", () => {
  fc.assert(
    fc.property(lists, (list) => {
      const sorted = list.toSorted((a, b) => a - b);
      const expected = PERCENTILES.map((p) => plainPercentileMs(sorted, p));
      for (const make of [distributionOf, wholeDistributionOf]) {
        const values = make(Float64Array.from(list));
        assert.deepEqual(PERCENTILES.map((p) => percentileMs(values, p)), expected);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("percentiles may be asked for in any order, and again", () => {
  fc.assert(
    fc.property(
      lists,
      fc.array(fc.constantFrom(...PERCENTILES), { maxLength: 12 }),
      (list, percentiles) => {
        const selected = wholeDistributionOf(Float64Array.from(list));
        const sorted = distributionOf(Float64Array.from(list));
        for (const p of percentiles) assert.equal(percentile(selected, p), percentile(sorted, p));
        assert.deepEqual([selected.sum, selected.count], [sorted.sum, sorted.count]);
      },
    ),
    { seed: 2, numRuns: 500 },
  );
});

Deno.test("percentiles do not decrease and stay between the least and the greatest value", () => {
  fc.assert(
    fc.property(lists, (list) => {
      const values = distributionOf(Float64Array.from(list));
      const all = Array.from({ length: 101 }, (_, p) => percentile(values, p));
      assert.deepEqual([all[0], all[100]], [Math.min(...list), Math.max(...list)]);
      assert.deepEqual(all, all.toSorted((a, b) => a - b));
    }),
    { seed: 3, numRuns: 200 },
  );
});
