import { z } from "zod";
import type { ClassGoodput } from "../cluster/slo_check.ts";
import { sloFile, type SloTarget, sloTarget, targetsOf } from "../cluster/slo_target.ts";
import { parseDocument } from "../sim/internal/document.ts";
import { grouped } from "./cli.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { Io } from "./io.ts";

/** What a run is judged by. */
export const sloOptions = grouped("SLOs", {
  slo: z.array(sloTarget).default([]).meta({ placeholder: "slo" })
    .describe(
      'bound of a number, as in "ttft.p99<300ms", "critical:e2e.p90<4s" or "goodput>=0.99"; ' +
        "give the flag once for each",
    ),
  sloFile: z.string().min(1).optional().meta({ placeholder: "path" })
    .describe("YAML file with slos and, by SLO class, classes: lists of such bounds"),
});

/** The same where a verdict follows. */
export const gateOptions = {
  ...sloOptions,
  slo: sloOptions.slo.describe(
    `${sloOptions.slo.description}; without any, a workload or trace that names targets of its ` +
      "requests must have goodput>=99%",
  ),
};

/** Where SLOs may stand. */
export interface SloPlaces {
  readonly slo?: readonly SloTarget[] | undefined;
  readonly sloFile?: string | undefined;
}

/** The SLOs of the file, then those of the flags. Throws a ConfigError that points into the file. */
export async function readSlos({ slo = [], sloFile: path }: SloPlaces, io: Io) {
  if (path === undefined) return slo;
  const document = parseDocument(await io.readText(path), path);
  return [...targetsOf(document.decode(sloFile)), ...slo];
}

/** Says of which SLO classes there are no requests, given the `groups` that there are. */
export function warnOfUnknownClasses(
  targets: readonly SloTarget[],
  groups: readonly ClassGoodput[],
  diagnostics: Diagnostics,
): void {
  const classes = groups.map(({ name }) => name).filter((name) => name !== "");
  for (const sloClass of new Set(targets.map((target) => target.sloClass))) {
    if (sloClass === "" || classes.includes(sloClass)) continue;
    diagnostics.warn(`No request has SLO class "${sloClass}"`, `there are: ${classes.join(", ")}`);
  }
}
