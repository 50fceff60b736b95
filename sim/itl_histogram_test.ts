import assert from "node:assert/strict";
import fc from "fast-check";
import { histogramDistribution, mean, percentile } from "./distribution.ts";
import { ItlHistogram } from "./itl_histogram.ts";

const latencies = fc.array(
  fc.oneof(fc.nat(200), fc.nat(100_000)),
  { minLength: 1, maxLength: 300, size: "max" },
);

function histogramOf(list: readonly number[]): ItlHistogram {
  const histogram = new ItlHistogram();
  for (const us of list) histogram.add(us, 1);
  return histogram;
}

/** What the histogram stands for: every latency by itself, ascending. */
function listOf(histogram: ItlHistogram): number[] {
  const { values, counts } = histogram.sorted();
  return [...values].flatMap((us, i) => new Array<number>(counts[i]!).fill(us));
}

const ascending = (a: number, b: number) => a - b;

Deno.test("a histogram holds the latencies that were added", () => {
  fc.assert(
    fc.property(latencies, (list) => {
      assert.deepEqual(listOf(histogramOf(list)), list.toSorted(ascending));
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("latencies that are taken back leave no trace", () => {
  fc.assert(
    fc.property(latencies, fc.array(fc.nat(), { maxLength: 50 }), (list, picks) => {
      const histogram = histogramOf(list);
      const left = [...list];
      for (const pick of picks.slice(0, list.length)) {
        const [us] = left.splice(pick % left.length, 1);
        histogram.add(us!, -1);
      }
      assert.deepEqual(listOf(histogram), left.toSorted(ascending));
    }),
    { seed: 2, numRuns: 300 },
  );
});

Deno.test("merging histograms joins their latencies", () => {
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      const merged = histogramOf(a);
      merged.merge(histogramOf(b));
      assert.deepEqual(listOf(merged), [...a, ...b].sort(ascending));
    }),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("a histogram has the mean and the percentiles of its list", () => {
  fc.assert(
    fc.property(latencies, fc.double({ min: 0, max: 100, noNaN: true }), (list, p) => {
      const values = histogramDistribution(histogramOf(list));
      const sorted = list.toSorted(ascending);
      assert.equal(values.count, list.length);
      assert.equal(mean(values), list.reduce((a, b) => a + b, 0) / list.length);
      assert.ok(sorted.every((us, k) => values.at(k) === us));
      const rank = (p / 100) * (list.length - 1);
      const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
      assert.equal(percentile(values, p), low + (rank - Math.floor(rank)) * (high - low));
    }),
    { seed: 4, numRuns: 300 },
  );
});
