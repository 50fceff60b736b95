import { ln, pow } from "../../sim/internal/float.ts";
import type { Random } from "../../sim/internal/random.ts";
import { type ArrivalsDef, cvOf, explicitShape, gapUs } from "./arrivals.ts";
import { poisson } from "./poisson.ts";

/** Below this shape, i.e. above a cv of 10, gaps are drawn as exponential ones. */
const LEAST_SHAPE = 0.01;

/** Gamma gaps: of shape 1/cv² and mean 1/rate, or of a given shape and scale. */
export const gamma: ArrivalsDef = {
  summary: "bursty arrivals: gamma gaps, cv > 1 clusters them",
  create(arrival, ratePerUs) {
    const explicit = explicitShape(arrival);
    const cv = cvOf(arrival);
    const shape = explicit?.shape ?? 1 / (cv * cv);
    const scaleUs = explicit?.scale ?? ((1 / ratePerUs) * cv) * cv;
    if (explicit === undefined && shape < LEAST_SHAPE) return poisson.create(arrival, ratePerUs);
    return { nextGapUs: (rng) => gapUs(gammaDraw(rng, shape, scaleUs)) };
  },
};

/** A gamma variate. Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", 2000. */
function gammaDraw(rng: Random, shape: number, scale: number): number {
  if (shape < 1) {
    const u = rng.float64();
    return gammaDraw(rng, shape + 1, scale) * pow(u, 1 / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    let x = rng.normal();
    let v = 1 + c * x;
    while (v <= 0) {
      x = rng.normal();
      v = 1 + c * x;
    }
    v = v * v * v;
    const u = rng.float64();
    if (u < 1 - (0.0331 * (x * x)) * (x * x)) return (d * v) * scale;
    if (ln(u) < (0.5 * x) * x + d * ((1 - v) + ln(v))) return (d * v) * scale;
  }
}
