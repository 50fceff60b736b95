import type { WorkloadSpec } from "../../workload/spec.ts";
import type { Context } from "../cli.ts";

/** What a conversion may leave out of a file, and how a message calls it. */
const PARTS = {
  seed: { name: "seed", isGiven: ({ seed }) => seed !== 0n },
  cohorts: { name: "cohorts", isGiven: ({ cohorts }) => cohorts.length > 0 },
  horizon: { name: "horizon", isGiven: ({ horizonUs }) => horizonUs !== 0 },
  numRequests: { name: "num_requests", isGiven: ({ numRequests }) => numRequests !== 0 },
  servegenData: { name: "servegen_data", isGiven: (spec) => spec.servegenData !== undefined },
  inferencePerf: { name: "inference_perf", isGiven: (spec) => spec.inferencePerf !== undefined },
  goodputSloTargets: {
    name: "goodput_slo_targets",
    isGiven: (spec) => spec.goodputSloTargets !== undefined,
  },
} satisfies Record<string, { name: string; isGiven(spec: WorkloadSpec): boolean }>;

/** A part of a workload file that a conversion may leave out. */
export type LosablePart = keyof typeof PARTS;

/** Says which of the parts that a conversion leaves out the file at `path` has. */
export function warnOfLoss(
  path: string,
  spec: WorkloadSpec,
  parts: readonly LosablePart[],
  { diagnostics }: Context,
): void {
  const lost = parts.map((part) => PARTS[part]).filter(({ isGiven }) => isGiven(spec));
  if (lost.length === 0) return;
  diagnostics.warn(`Left out of ${path}: ${lost.map(({ name }) => name).join(", ")}`);
}
