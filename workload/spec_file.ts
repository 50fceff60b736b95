import { parseDocument, toYaml } from "../sim/internal/document.ts";
import { client, cohort, distribution, multiTurn, network, workloadFields } from "./fields.ts";
import { toFile } from "./file_keys.ts";
import { workloadFile, type WorkloadSpec } from "./spec.ts";

/** Keys that are left out while they say nothing, by object. */
const OPTIONAL_KEYS: ReadonlyMap<unknown, readonly string[]> = new Map<unknown, readonly string[]>([
  [workloadFields.shape, ["cohorts", "horizon", "num_requests"]],
  [client.shape, [
    ...["model", "adapter", "concurrency", "think_time_us", "prefix_group", "prefix_length"],
  ]],
  [cohort.shape, [
    ...["tenant_id", "slo_class", "model", "adapter", "prefix_group", "prefix_sharing"],
    ...["streaming", "prefix_length"],
  ]],
  [distribution.shape, ["params", "file"]],
  [multiTurn.shape, ["single_session"]],
  [network.shape, ["bandwidth_mbps"]],
]);

/** A spec as the values of a file, keys in the order in which they are written. */
export function specToFile(spec: WorkloadSpec): Record<string, unknown> {
  const file = toFile(workloadFields, spec, OPTIONAL_KEYS) as Record<string, unknown>;
  const seed = Number(spec.seed);
  return Number.isSafeInteger(seed) ? { ...file, seed } : file;
}

/**
 * Checks a spec that a program made, as if it came from a file. `what` names it in the ConfigError,
 * which shows the line of the file that it would be.
 */
export function checkSpec(spec: WorkloadSpec, what: string): void {
  parseDocument(toYaml(specToFile({ ...spec, seed: 0n })), what).decode(workloadFile);
}
