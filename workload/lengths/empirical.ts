import type { LengthParams, LengthsDef } from "./lengths.ts";

/** A parameter of this form is a bin: an integer, and whatever follows it. */
const BIN = /^\s*([-+]?\d+)/;

/**
 * Lengths by their measured frequency: the parameters are length → weight. Lengths come as they
 * are, also 0 and below; bins without weight never; without any bin the length is 1. One bin draws
 * nothing.
 */
export const empirical: LengthsDef = {
  summary: "measured: lengths and their weights",
  required: [],
  optional: [],
  problem(params) {
    const keys = Object.keys(params);
    if (keys.length === 0) return "it needs params: one entry a length, length: weight";
    const bad = keys.find((key) => !BIN.test(key));
    return bad === undefined ? undefined : `its key "${bad}" must be a whole number`;
  },
  create(params) {
    const { values, cumulative } = distribution(params);
    const last = values.length - 1;
    if (last <= 0) {
      const only = values[0] ?? 1;
      return { least: only, next: () => only };
    }
    return {
      least: values[0]!,
      next(rng) {
        const u = rng.float64();
        let low = 0;
        let high = last;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (cumulative[middle]! >= u) high = middle;
          else low = middle + 1;
        }
        return values[low]!;
      },
    };
  },
};

/** The bins with weight, by length, and the share of all weight up to each of them. */
function distribution(params: LengthParams): { values: number[]; cumulative: number[] } {
  const bins = Object.entries(params)
    .map(([key, weight]) => ({ value: Number(BIN.exec(key)![1]), weight }))
    .sort((a, b) => a.value - b.value);
  let total = 0;
  for (const { weight } of bins) total += weight;
  const values: number[] = [];
  const cumulative: number[] = [];
  let sum = 0;
  for (const { value, weight } of bins) {
    if (!(weight > 0)) continue;
    sum += weight / total;
    values.push(value);
    cumulative.push(sum);
  }
  return { values, cumulative };
}
