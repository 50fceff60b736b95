import { type ArrivalsDef, gapUs } from "./arrivals.ts";

/** Exponential gaps of mean 1/rate: independent users. */
export const poisson: ArrivalsDef = {
  summary: "independent arrivals: exponential gaps",
  create: (_shape, ratePerUs) => ({
    nextGapUs: (rng) => gapUs(rng.exponential() / ratePerUs),
  }),
};
