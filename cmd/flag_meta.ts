import type { z } from "zod";
import { definition, type Schema } from "../sim/internal/zod_kind.ts";
import { kebabCase } from "./flag_values.ts";

/**
 * What `.meta()` says of a flag beside its description. The flag of key `maxNumSeqs` is
 * `--max-num-seqs` unless `flag` spells it otherwise.
 */
export interface FlagMeta {
  readonly description?: string | undefined;
  readonly flag?: string;
  /** Heading in the help. */
  readonly group?: string;
  readonly placeholder?: string;
  /** The default as the help shows it, where the schema has none. */
  readonly initial?: string;
  /** Older names, without dashes, that still work. */
  readonly aliases?: readonly string[];
  /** Of a path that is written: the endings of its files, `[""]` for the path itself. */
  readonly writes?: readonly string[];
  /** True of the one flag whose value, or values if it takes a list, may also stand alone. */
  readonly argument?: boolean;
}

/** A flag whose value may stand alone, and how often. */
export interface Argument {
  readonly key: string;
  readonly placeholder: string;
  readonly most: number;
}

/** What is said of the flag of a key. */
export function metaOf(options: z.ZodObject, key: string): FlagMeta {
  return (options.shape[key] as z.ZodType | undefined)?.meta() ?? {};
}

/** The spelling of a flag, without dashes before it. */
export function flagName(options: z.ZodObject, key: string): string {
  return metaOf(options, key).flag ?? kebabCase(key);
}

/** True for a flag that stands alone. */
export function isSwitch(field: Schema): boolean {
  return definition(field).type === "boolean";
}

/** The flag whose value may stand alone, if there is one. */
export function argumentOf(options: z.ZodObject): Argument | undefined {
  for (const [key, field] of Object.entries(options.shape)) {
    const { argument, placeholder = "value" } = metaOf(options, key);
    if (!argument) continue;
    return definition(field).type === "array"
      ? { key, placeholder: `${placeholder} …`, most: Infinity }
      : { key, placeholder, most: 1 };
  }
  return undefined;
}
