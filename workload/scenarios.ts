import { plainClient } from "./plain_client.ts";
import type { ClientSpec, DistributionSpec, WorkloadSpec } from "./spec.ts";

const poisson = { process: "poisson" };

function exponential(mean: number): DistributionSpec {
  return { type: "exponential", params: { mean }, file: "" };
}

function gaussian(
  mean: number,
  stdDev: number,
  range: readonly [number, number],
): DistributionSpec {
  const [min, max] = range;
  return { type: "gaussian", params: { mean, std_dev: stdDev, min, max }, file: "" };
}

/** Typical mixes of clients, by name. */
export const scenarios: Readonly<Record<string, readonly ClientSpec[]>> = {
  bursty: [{
    ...plainClient,
    id: "bursty-client",
    tenantId: "tenant-A",
    sloClass: "batch",
    rateFraction: 1,
    arrival: { process: "gamma", cv: 3.5 },
    inputDistribution: exponential(512),
    outputDistribution: exponential(256),
  }],
  unfair: [{
    ...plainClient,
    id: "low-priority-bulk",
    tenantId: "tenant-bulk",
    sloClass: "batch",
    rateFraction: 0.9,
    arrival: poisson,
    inputDistribution: exponential(1024),
    outputDistribution: exponential(512),
  }, {
    ...plainClient,
    id: "high-priority-realtime",
    tenantId: "tenant-realtime",
    sloClass: "critical",
    rateFraction: 0.1,
    arrival: poisson,
    inputDistribution: gaussian(128, 50, [10, 2048]),
    outputDistribution: exponential(64),
    streaming: true,
  }],
  "prefix-heavy": [{
    ...plainClient,
    id: "shared-prefix",
    tenantId: "tenant-A",
    sloClass: "batch",
    rateFraction: 0.8,
    arrival: poisson,
    inputDistribution: exponential(256),
    outputDistribution: exponential(128),
    prefixGroup: "system-prompt",
  }, {
    ...plainClient,
    id: "unique-prefix",
    tenantId: "tenant-B",
    sloClass: "standard",
    rateFraction: 0.2,
    arrival: poisson,
    inputDistribution: exponential(512),
    outputDistribution: exponential(256),
  }],
  "mixed-slo": [{
    ...plainClient,
    id: "realtime",
    tenantId: "tenant-rt",
    sloClass: "critical",
    rateFraction: 0.33,
    arrival: poisson,
    inputDistribution: gaussian(64, 20, [10, 256]),
    outputDistribution: exponential(32),
    streaming: true,
  }, {
    ...plainClient,
    id: "interactive",
    tenantId: "tenant-int",
    sloClass: "standard",
    rateFraction: 0.34,
    arrival: poisson,
    inputDistribution: gaussian(256, 100, [32, 2048]),
    outputDistribution: exponential(128),
  }, {
    ...plainClient,
    id: "batch",
    tenantId: "tenant-batch",
    sloClass: "batch",
    rateFraction: 0.33,
    arrival: poisson,
    inputDistribution: exponential(1024),
    outputDistribution: exponential(512),
  }],
};

/** A scenario as a workload of `ratePerSecond` requests/s. */
export function scenarioSpec(
  clients: readonly ClientSpec[],
  load: { readonly seed: bigint; readonly ratePerSecond: number },
): WorkloadSpec {
  return {
    version: "2",
    seed: load.seed,
    category: "language",
    clients,
    cohorts: [],
    aggregateRate: load.ratePerSecond,
    horizonUs: 0,
    numRequests: 0,
  };
}
