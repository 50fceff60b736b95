import { roundHalfAway, toInt } from "../../sim/internal/float.ts";
import type { LengthsDef } from "./lengths.ts";

/**
 * Normal lengths, clamped to [min, max] and rounded, at least 1. Where min = max that is the
 * length, whatever its size, and nothing is drawn.
 */
export const gaussian: LengthsDef = {
  summary: "normal, clamped to a range",
  required: ["mean", "std_dev", "min", "max"],
  optional: [],
  create(params) {
    const mean = params.mean!;
    const deviation = params.std_dev!;
    const min = toInt(params.min!);
    const max = toInt(params.max!);
    if (min === max) return { least: min, next: () => min };
    return {
      least: 1,
      next(rng) {
        const value = rng.normal() * deviation + mean;
        return Math.max(1, toInt(roundHalfAway(Math.min(max, Math.max(min, value)))));
      },
    };
  },
};
