import { exp, pow, roundHalfAway, toInt } from "../../sim/internal/float.ts";
import type { LengthsDef } from "./lengths.ts";

/**
 * A mixture: with probability `mix_weight` a Pareto length of shape `alpha` and least value `xm`,
 * else a log-normal one. Rounded, at least 1; a value beyond the doubles is 1.
 */
export const paretoLognormal: LengthsDef = {
  summary: "mixture of a Pareto tail and a log-normal body",
  required: ["alpha", "xm", "mu", "sigma", "mix_weight"],
  optional: [],
  create(params) {
    const { alpha, xm, mu, sigma, mix_weight: mixWeight } = params as Record<string, number>;
    return {
      least: 1,
      next(rng) {
        const value = rng.float64() < mixWeight!
          ? xm! / pow(rng.float64() || Number.MIN_VALUE, 1 / alpha!)
          : exp(mu! + sigma! * rng.normal());
        return Number.isFinite(value) ? Math.max(1, toInt(roundHalfAway(value))) : 1;
      },
    };
  },
};
