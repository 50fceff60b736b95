import { z } from "zod";
import { type Document, parseDocument } from "../../sim/internal/document.ts";
import { kebabCase } from "../flag_values.ts";
import { deploymentFlags, workloadOptions } from "../options.ts";

/** All flags of `blis run` that say what is simulated. */
export const runFlags = z.strictObject({ ...workloadOptions, ...deploymentFlags.shape });

/** The seeds are stated apart, and a sweep has one log. */
const { shape } = runFlags.omit({ seed: true, log: true });

const REPEATED = "it must not repeat a value";

const settings = z.strictObject(byFlagName((flag) => flag.optional()));
const choices = z.strictObject(
  byFlagName((flag) => z.array(flag).min(1).refine(areDistinct, REPEATED).optional()),
);

/** A file of `blis sweep`: the runs are all combinations of `list`, `grid` and seeds. */
export const sweepFile = z.strictObject({
  base: settings.prefault({}).describe("flags of every run, without their dashes"),
  list: z.array(settings).min(1).default([{}]).describe("sets of flags that go together"),
  grid: choices.prefault({}).describe("flag → list of values; all combinations are run"),
  seeds: z.array(z.bigint()).min(1).refine(areDistinct, REPEATED).optional()
    .describe("seeds of each setting; by default one: that of its workload-spec, else 42"),
  num_seeds: z.int().positive().optional().describe("instead of seeds: so many, from 42 on"),
}).refine(
  ({ seeds, num_seeds }) => seeds === undefined || num_seeds === undefined,
  { path: ["num_seeds"], message: "Cannot use seeds and num_seeds together" },
);

/** Flags that are set, by their camelCase key. */
export type Settings = Readonly<Record<string, unknown>>;

/** The content of a sweep file; paths in it are relative to the file. */
export interface Sweep {
  /** The file, for errors that point into it. */
  readonly document: Document;
  readonly base: Settings;
  readonly list: readonly Settings[];
  readonly grid: readonly (readonly [key: string, values: readonly unknown[]])[];
  /** Undefined: none is stated, so that a workload file has its own, as in `blis run`. */
  readonly seeds: readonly (bigint | undefined)[];
}

const FIRST_SEED = 42n;

/** Reads the text of a sweep file; `file` names it in errors. Throws a ConfigError. */
export function readSweep(text: string, file: string): Sweep {
  const document = parseDocument(text, file);
  const { base, list, grid, seeds, num_seeds } = document.decode(sweepFile);
  requireOnePlace(document, base, list, grid);
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const values = (entries: Settings) => byKey(entries, (key, value) => located(key, value, folder));
  return {
    document,
    base: values(base),
    list: list.map(values),
    grid: Object.entries(
      byKey(
        grid,
        (key, options) => (options as unknown[]).map((value) => located(key, value, folder)),
      ),
    ) as [string, unknown[]][],
    seeds: seeds ?? (num_seeds === undefined ? [undefined] : firstSeeds(num_seeds)),
  };
}

function firstSeeds(count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => FIRST_SEED + BigInt(i));
}

/** A schema for each flag under its name; one that is absent stays absent, so no defaults. */
function byFlagName<T extends z.ZodType>(of: (flag: z.ZodType) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(shape).map(([key, field]) => {
      const flag = bare(field);
      return [kebabCase(key), of(flag).describe(field.meta()?.description ?? "") as T];
    }),
  );
}

function bare(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodDefault || field instanceof z.ZodOptional
    ? bare(field.unwrap() as z.ZodType)
    : field;
}

function areDistinct(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value, asText))).size === values.length;
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** Throws if a flag is set twice, so that nobody has to know which place wins. */
function requireOnePlace(
  document: Document,
  base: Settings,
  list: readonly Settings[],
  grid: Settings,
): void {
  for (const name of Object.keys(grid)) {
    if (name in base) throw document.error(["base", name], `"${name}" stands in base and in grid`);
  }
  for (const [i, entry] of list.entries()) {
    for (const name of Object.keys(entry)) {
      const other = name in grid ? "grid" : name in base ? "base" : undefined;
      if (other === undefined) continue;
      throw document.error(["list", i, name], `"${name}" stands in list and in ${other}`);
    }
  }
}

function byKey(
  entries: Settings,
  value: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(shape)
      .filter((key) => entries[kebabCase(key)] !== undefined)
      .map((key) => [key, value(key, entries[kebabCase(key)])]),
  );
}

/** A path as seen from the current folder. */
function located(key: string, value: unknown, folder: string): unknown {
  const isPath = shape[key as keyof typeof shape].meta()?.placeholder === "path";
  return isPath && !String(value).startsWith("/") ? folder + String(value) : value;
}
