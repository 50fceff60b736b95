import { selectInPlace } from "./internal/select.ts";
import type { ItlHistogram } from "./itl_histogram.ts";

/** A finished list of latencies in µs, ready for means and percentiles. */
export interface Distribution {
  readonly count: number;
  /** Sum in ascending order. */
  readonly sum: number;
  /** The k-th smallest value, from 0. */
  at(k: number): number;
}

/** Distribution of a list, which is sorted in place. */
export function distributionOf(values: Float64Array): Distribution {
  values.sort();
  let sum = 0;
  for (const value of values) sum += value;
  return { count: values.length, sum, at: (k) => values[k]! };
}

/** The percentiles that a distribution of whole numbers knows. */
const PERCENTILES = [50, 90, 95, 99];

/**
 * Distribution of a list of whole numbers, which is reordered in place: their sum is exact in any
 * order, and the percentiles 50, 90, 95 and 99 are selected at once, so that the list, which may be
 * long, need not be kept. It knows no others.
 */
export function wholeDistributionOf(values: Float64Array): Distribution {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const ranks = new Map<number, number>();
  let selected = 0;
  for (const p of values.length === 0 ? [] : PERCENTILES) {
    const rank = (p / 100) * (values.length - 1);
    for (const k of [Math.floor(rank), Math.ceil(rank)]) {
      selectInPlace(values, k, selected);
      selected = k;
      ranks.set(k, values[k]!);
    }
  }
  return { count: values.length, sum, at: (k) => ranks.get(k) ?? NaN };
}

/** Distribution of counted latencies. */
export function histogramDistribution(histogram: ItlHistogram): Distribution {
  const { values, counts } = histogram.sorted();
  const ends = new Float64Array(counts.length);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    count += counts[i]!;
    sum += values[i]! * counts[i]!;
    ends[i] = count;
  }
  return { count, sum, at: (k) => values[firstAbove(ends, k)]! };
}

/** Mean, 0 of an empty list. */
export function mean({ sum, count }: Distribution): number {
  return count === 0 ? 0 : sum / count;
}

/** Percentile with linear interpolation between ranks, 0 of an empty list. */
export function percentile(values: Distribution, p: number): number {
  if (values.count === 0) return 0;
  const rank = (p / 100) * (values.count - 1);
  const low = Math.floor(rank);
  const high = Math.ceil(rank);
  const at = values.at(low);
  return low === high ? at : at + (rank - low) * (values.at(high) - at);
}

/** The same in ms; rounds otherwise than a division of `percentile` would, as the reference does. */
export function percentileMs(values: Distribution, p: number): number {
  if (values.count === 0) return 0;
  const rank = (p / 100) * (values.count - 1);
  const low = Math.floor(rank);
  const high = Math.ceil(rank);
  const at = values.at(low);
  if (low === high) return at / 1000;
  return at / 1000 + ((values.at(high) - at) * (rank - low)) / 1000;
}

/** Index of the first entry of an ascending list that is greater than `k`. */
function firstAbove(ascending: Float64Array, k: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > k) high = middle;
    else low = middle + 1;
  }
  return low;
}
