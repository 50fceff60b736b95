import { specToFile } from "../../workload/spec_file.ts";
import type { ResolvedWorkload } from "./workload.ts";

/** A workload and its bounds as JSON values; what has no end is null. */
export function workloadToJson(
  { spec, horizonUs, maxRequests, timeoutUs }: ResolvedWorkload,
): Record<string, unknown> {
  return {
    spec: { ...specToFile(spec), seed: String(spec.seed) },
    horizon_us: horizonUs === Infinity ? null : horizonUs,
    max_requests: maxRequests,
    timeout_us: timeoutUs === Infinity ? -1 : timeoutUs ?? null,
  };
}
