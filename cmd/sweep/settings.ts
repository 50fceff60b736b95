import type { z } from "zod";
import { hintOf, isSentence } from "../../sim/internal/requirement.ts";
import type { Path } from "../../sim/internal/resolve_node.ts";
import { checkDeploymentFlags, checkWorkloadFlags } from "../flag_rules.ts";
import { type Flags, kebabCase } from "../flag_values.ts";
import { runFlags, type Settings, type Sweep } from "./file.ts";

/** The flags of a run as `blis run` would have them. */
export type RunFlags = Flags<z.output<typeof runFlags>>;

/** One combination of list and grid; each of its seeds is a run. */
export interface Setting {
  /** What is not the same in all runs, by flag name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly values: Settings;
  /** Where in the sweep file the flag of a key stands. */
  placeOf(key: string): Path;
}

/** Combinations of list and grid. */
export function numSettings({ list, grid }: Sweep): number {
  return grid.reduce((count, [, values]) => count * values.length, list.length);
}

/** The combination `index`, from 0; the last entry of the grid varies fastest, the list slowest. */
export function settingAt({ base, list, grid }: Sweep, index: number): Setting {
  const chosen: Record<string, unknown> = {};
  const places = new Map<string, Path>();
  let rest = index;
  for (const [key, values] of grid.toReversed()) {
    const i = rest % values.length;
    chosen[key] = values[i];
    places.set(key, ["grid", kebabCase(key), i]);
    rest = Math.floor(rest / values.length);
  }
  const entry = list[rest]!;
  for (const key of Object.keys(entry)) places.set(key, ["list", rest, kebabCase(key)]);
  const varied = { ...entry, ...chosen };
  return {
    parameters: Object.fromEntries(
      [...Object.keys(entry), ...grid.map(([key]) => key)].map((key) => [
        kebabCase(key),
        varied[key],
      ]),
    ),
    values: { ...base, ...varied },
    placeOf: (key) => places.get(key) ?? ["base", kebabCase(key)],
  };
}

/** Parameters as they would stand on a command line, for a message. */
export function flagsText(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters).map(([name, value]) => `--${name} ${value}`).join(" ");
}

const defaults = runFlags.parse({ model: "-" });

/** The flags of a run; the defaults of those that the file leaves out, and of a seed not stated. */
export function flagsOf({ values }: Setting, seed: bigint | undefined): RunFlags {
  const stated = seed === undefined ? values : { ...values, seed };
  return { values: { ...defaults, ...stated }, given: new Set(Object.keys(stated)) };
}

/** Throws at the first flag of a setting that does not go with the others. */
export function checkSetting({ document, seeds }: Sweep, setting: Setting): void {
  if (setting.values.model === undefined) {
    throw document.error(["base"], "Give a model", "for example model: qwen/qwen3-14b");
  }
  const { values } = flagsOf(setting, seeds[0]);
  const issues: z.core.$ZodRawIssue[] = [];
  for (const check of [checkDeploymentFlags, checkWorkloadFlags]) check({ value: values, issues });
  for (const issue of issues) {
    const { path, message = "" } = issue;
    const key = String(path?.[0]);
    const text = isSentence(message)
      ? message
      : `Cannot use ${String(values[key as keyof typeof values])} for --${
        kebabCase(key)
      }: ${message}`;
    throw document.error(setting.placeOf(key), text, hintOf(issue));
  }
}
