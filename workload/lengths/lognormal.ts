import { exp, roundHalfAway, toInt } from "../../sim/internal/float.ts";
import { boundsOf, boundsProblem, clampLength } from "./bounds.ts";
import type { LengthsDef } from "./lengths.ts";

/**
 * Lengths whose logarithm is normal with mean `mu` and deviation `sigma`, rounded, at least 1.
 * A value beyond the doubles is `min` or 1, whatever `max` says.
 */
export const lognormal: LengthsDef = {
  summary: "log-normal: many short, few very long",
  required: ["mu", "sigma"],
  optional: ["min", "max"],
  problem: boundsProblem,
  create(params) {
    const mu = params.mu!;
    const sigma = params.sigma!;
    const bounds = boundsOf(params);
    const overflow = bounds.min > 0 ? bounds.min : 1;
    return {
      least: 1,
      next(rng) {
        const value = exp(mu + sigma * rng.normal());
        return Number.isFinite(value) ? clampLength(toInt(roundHalfAway(value)), bounds) : overflow;
      },
    };
  },
};
