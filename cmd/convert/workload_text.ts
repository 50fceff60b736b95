import { toYaml } from "../../sim/internal/document.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import { checkSpec, specToFile } from "../../workload/spec_file.ts";

/** A workload as the text of a file. Throws a ConfigError that names `what` if no run would take it. */
export function workloadText(spec: WorkloadSpec, what: string): string {
  checkSpec(spec, what);
  return toYaml(specToFile(spec));
}
