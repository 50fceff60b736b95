import { gamma as gammaFunction, ln, pow } from "../../sim/internal/float.ts";
import { type ArrivalsDef, cvOf, explicitShape, gapUs } from "./arrivals.ts";

const LEAST_SHAPE = 0.1;
const LARGEST_SHAPE = 100;
const CV_TOLERANCE = 0.001;

/** Weibull gaps: of a given cv and mean 1/rate, or of a given shape and scale. */
export const weibull: ArrivalsDef = {
  summary: "Weibull gaps: cv < 1 is steadier than independent arrivals, cv > 1 burstier",
  create(arrival, ratePerUs) {
    const explicit = explicitShape(arrival);
    const shape = explicit?.shape ?? shapeOfCv(cvOf(arrival));
    const scaleUs = explicit?.scale ?? (1 / ratePerUs) / gammaFunction(1 + 1 / shape);
    return {
      nextGapUs(rng) {
        const u = rng.float64() || Number.MIN_VALUE;
        return gapUs(scaleUs * pow(-ln(u), 1 / shape));
      },
    };
  },
};

/** The shape whose coefficient of variation is `cv`, by bisection: the cv falls as the shape grows. */
function shapeOfCv(cv: number): number {
  let low = LEAST_SHAPE;
  let high = LARGEST_SHAPE;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    const mean = gammaFunction(1 + 1 / middle);
    const difference = Math.sqrt(gammaFunction(1 + 2 / middle) / (mean * mean) - 1) - cv;
    if (Math.abs(difference) < CV_TOLERANCE) return middle;
    if (difference > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
