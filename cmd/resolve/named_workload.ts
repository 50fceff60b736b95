import { UsageError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import { oneOf } from "../../sim/internal/requirement.ts";
import type { Preset } from "../../workload/presets.ts";
import { scenarios, scenarioSpec } from "../../workload/scenarios.ts";
import type { ClientSpec, WorkloadSpec } from "../../workload/spec.ts";
import type { Defaults } from "./defaults_file.ts";

/** A workload that has a name: the lengths of a preset, or the clients of a scenario. */
export type NamedWorkload =
  | { readonly preset: Preset }
  | { readonly clients: readonly ClientSpec[] };

/** Where a name was given, and what else is accepted there. */
export interface NameFlag {
  readonly flag: string;
  readonly otherNames: readonly string[];
  /** For a name that resembles no other. */
  readonly hint?: string;
}

/** The preset of the defaults file, or else the scenario, of that name. Throws a UsageError. */
export function findNamedWorkload(
  name: string,
  defaults: Defaults,
  place: NameFlag,
): NamedWorkload {
  const presets = defaults.section("workloads");
  if (Object.hasOwn(presets, name)) return { preset: presets[name]! };
  if (Object.hasOwn(scenarios, name)) return { clients: scenarios[name]! };
  const { flag, otherNames, hint } = place;
  const names = [...otherNames, ...Object.keys(presets), ...Object.keys(scenarios)];
  const similar = nearest(name, names);
  throw new UsageError(`Cannot use ${JSON.stringify(name)} for ${flag}: ${oneOf(names)}`, {
    flag,
    ...(similar !== undefined ? { hint: `did you mean "${similar}"?` } : hint && { hint }),
  });
}

/** The workload of a scenario's clients. */
export function scenarioWorkload(
  clients: readonly ClientSpec[],
  load: {
    readonly seed: bigint;
    readonly ratePerSecond: number;
    readonly numRequests: number;
  },
): WorkloadSpec {
  return { ...scenarioSpec(clients, load), numRequests: load.numRequests };
}
