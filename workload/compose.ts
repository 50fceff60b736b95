import { ConfigError } from "../sim/internal/errors.ts";
import type { WorkloadSpec } from "./spec.ts";

/**
 * One spec with the clients of several. The aggregate rates add up and each client keeps its part
 * of them, where the fractions of its spec add up to 1. Only clients are taken over: neither
 * cohorts nor seeds, horizons and limits. Throws a ConfigError for a sum that is no rate.
 */
export function compose(specs: readonly WorkloadSpec[]): WorkloadSpec {
  let aggregateRate = 0;
  for (const spec of specs) aggregateRate += spec.aggregateRate;
  if (!(aggregateRate >= 0 && aggregateRate < Infinity)) {
    throw new ConfigError(`Cannot use ${aggregateRate} as the sum of the rates: it must be >= 0`);
  }
  return {
    version: "2",
    seed: 0n,
    category: specs[0]?.category ?? "",
    clients: specs.flatMap((spec) =>
      spec.clients.map((client) =>
        aggregateRate === 0 ? client : {
          ...client,
          rateFraction: client.rateFraction * (spec.aggregateRate / aggregateRate),
        }
      )
    ),
    cohorts: [],
    aggregateRate,
    horizonUs: 0,
    numRequests: 0,
  };
}
