import { parseDocument } from "../sim/internal/document.ts";
import { OLD_SLO_CLASSES, workloadFields } from "./fields.ts";
import { fromFile } from "./file_keys.ts";
import { workloadFile, type WorkloadSpec } from "./spec.ts";
import { warningsOf } from "./warnings.ts";

/** A workload, and what its file says without effect or in an old way. */
export interface LoadedWorkload {
  readonly spec: WorkloadSpec;
  readonly warnings: readonly string[];
}

/**
 * Reads the text of a workload file; `file` names it in errors. A file of version 1 is upgraded.
 * Throws a ConfigError at the first thing wrong.
 */
export function loadWorkload(text: string, file: string): LoadedWorkload {
  const value = parseDocument(text, file).decode(workloadFile);
  const { spec, warnings } = upgrade(fromFile(workloadFields, value));
  return { spec, warnings: [...warnings, ...warningsOf(spec)] };
}

function upgrade(spec: WorkloadSpec): LoadedWorkload {
  if (spec.version !== "" && spec.version !== "1") return { spec, warnings: [] };
  const warnings = new Set<string>();
  const clients = spec.clients.map((client) => {
    const sloClass = OLD_SLO_CLASSES[client.sloClass];
    if (sloClass === undefined) return client;
    warnings.add(`SLO class "${client.sloClass}" of version 1 is taken for "${sloClass}"`);
    return { ...client, sloClass };
  });
  return { spec: { ...spec, version: "2", clients }, warnings: [...warnings] };
}
