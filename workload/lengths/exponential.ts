import { roundHalfAway, toInt } from "../../sim/internal/float.ts";
import { boundsOf, boundsProblem, clampLength } from "./bounds.ts";
import type { LengthsDef } from "./lengths.ts";

/** Exponential lengths of the given mean, rounded, at least 1. What overflows 64 bits is 1 or `min`. */
export const exponential: LengthsDef = {
  summary: "exponential",
  required: ["mean"],
  optional: ["min", "max"],
  problem: boundsProblem,
  create(params) {
    const mean = params.mean!;
    const bounds = boundsOf(params);
    return {
      least: 1,
      next: (rng) => clampLength(toInt(roundHalfAway(rng.exponential() * mean)), bounds),
    };
  },
};
