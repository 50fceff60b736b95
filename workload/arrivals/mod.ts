import type { Arrivals, ArrivalsDef, ArrivalShape } from "./arrivals.ts";
import { constant } from "./constant.ts";
import { gamma } from "./gamma.ts";
import { poisson } from "./poisson.ts";
import { weibull } from "./weibull.ts";

export type { Arrivals, ArrivalsDef };

/** The arrival processes by the name that a spec gives as `process`. */
export const arrivals: Readonly<Record<string, ArrivalsDef>> = {
  poisson,
  gamma,
  weibull,
  constant,
};

const LEAST_RATE_PER_US = 1e-15;

/** An arrival process as a spec states it. */
export interface ArrivalSpec extends ArrivalShape {
  readonly process: string;
}

/** The process of a spec at a rate; one that is not known, as a window may have, is poisson. */
export function createArrivals(spec: ArrivalSpec, ratePerUs: number): Arrivals {
  const def = Object.hasOwn(arrivals, spec.process) ? arrivals[spec.process]! : poisson;
  return def.create(spec, Math.max(ratePerUs, LEAST_RATE_PER_US));
}
