import type { Random } from "../../sim/internal/random.ts";
import { type Arrivals, gapUs } from "./arrivals.ts";

/**
 * `count` gaps, exponential in shape, scaled so that they add up to `durationUs`; then none.
 * `stream` starts the random stream that they come from anew, so no gap needs to be kept.
 * Source: inference-perf, its load with a fixed number of requests.
 */
export function spread(count: number, durationUs: number, stream: () => Random): Arrivals {
  const ratePerUs = count / durationUs;
  const survey = stream();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += survey.exponential() / ratePerUs;
  const factor = durationUs / sum;
  const rng = stream();
  let left = count;
  return {
    nextGapUs: () => left-- > 0 ? gapUs(rng.exponential() / ratePerUs * factor) : 0,
  };
}

/** `count` gaps of a process in whole µs, scaled so that they add up to `durationUs` exactly. */
export function fittedGaps(
  arrivals: Arrivals,
  rng: Random,
  { count, durationUs }: { readonly count: number; readonly durationUs: number },
): Float64Array {
  const gaps = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += gaps[i] = arrivals.nextGapUs(rng);
  const factor = durationUs / sum;
  let fitted = 0;
  for (let i = 0; i < count; i++) fitted += gaps[i] = Math.trunc(gaps[i]! * factor);
  gaps[count - 1]! += durationUs - fitted;
  return gaps;
}
