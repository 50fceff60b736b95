import type { ServegenFiles } from "./files.ts";
import type { CohortSpec } from "../spec.ts";

/** A conversion of ServeGen data. */
export interface Servegen {
  readonly files: ServegenFiles;
  /** Length of a period. */
  readonly windowSeconds: number;
  /** Pause between periods. */
  readonly drainSeconds: number;
  warn(message: string): void;
}

/** The classes that chunks are dealt to in turn. */
export const SLO_CLASSES = ["critical", "standard", "batch", "sheddable", "background"] as const;

/** A cohort of streaming clients; arrivals, lengths and time are the caller's. */
export function plainCohort(id: string, sloClass: string, population: number) {
  return {
    id,
    population,
    tenantId: "",
    sloClass,
    model: "",
    adapter: "",
    prefixGroup: "",
    prefixSharing: "",
    streaming: true,
    rateFraction: 1,
    prefixLength: 0,
  } satisfies Partial<CohortSpec>;
}
