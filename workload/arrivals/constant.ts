import { type ArrivalsDef, gapUs } from "./arrivals.ts";

/** Equal gaps of 1/rate; draws nothing. */
export const constant: ArrivalsDef = {
  summary: "evenly spaced",
  create(_shape, ratePerUs) {
    const gap = gapUs(1 / ratePerUs);
    return { nextGapUs: () => gap };
  },
};
