import type { z } from "zod";
import { UsageError } from "../sim/internal/errors.ts";
import { nearest } from "../sim/internal/nearest.ts";
import { PARSED_ONCE } from "../sim/internal/parse_once.ts";
import { hintOf, isSentence, type Issue, requirement } from "../sim/internal/requirement.ts";
import { definition, isInteger, type Schema } from "../sim/internal/zod_kind.ts";

const WHOLE = /^[-+]?[0-9]+$/;
const DECIMAL = /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$/;
const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** The flags of a command line: their values, and which of them were written there. */
export interface Flags<T> {
  readonly values: T;
  /** Keys that stand on the command line, be it with their default value. */
  readonly given: ReadonlySet<string>;
}

/** The texts of each flag in their order, by the key of its schema. */
export type FlagTexts = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the texts as what each key of the schema wants: of several the last counts, lists add up.
 * Throws a UsageError that shows the value as written and what is accepted.
 */
export function flagValues<S extends z.ZodObject>(
  schema: S,
  texts: FlagTexts,
  flagOf: (key: string) => string,
): Flags<z.output<S>> {
  const input: Record<string, unknown> = {};
  for (const [key, written] of texts) {
    input[key] = readFlag(schema.shape[key]!, written, flagOf(key));
  }
  const result = schema.safeParse(input, PARSED_ONCE);
  if (result.success) return { values: result.data, given: new Set(texts.keys()) };
  const issue = result.error.issues[0]!;
  const key = String(issue.path[0]);
  throw usageError(issue, {
    flag: flagOf(key),
    schema: schema.shape[key]!,
    written: texts.get(key),
  });
}

/** The spelling of a camelCase key as a flag, without dashes before it. */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** True for a decimal number with optional exponent, the only form that flags take. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** A value as the user wrote it, for a message: 2, "two". */
export function quoted(text: string): string {
  return isDecimal(text) ? text : JSON.stringify(text);
}

function readFlag(schema: Schema, written: readonly string[], flag: string): unknown {
  const def = definition(schema);
  if (def.type !== "array") return readValue(schema, written.at(-1)!, flag);
  return itemsOf(schema, written).map((item) => readValue(def.element, item, flag));
}

/** The items of a list: only those of numbers may stand in one text, with commas between them. */
function itemsOf(schema: Schema, written: readonly string[]): readonly string[] {
  return isNumberList(schema) ? written.flatMap((text) => text.split(",")) : written;
}

function isNumberList(schema: Schema): boolean {
  const def = definition(schema);
  return def.type === "array" && definition(def.element).type === "number";
}

function readValue(schema: Schema, text: string, flag: string): unknown {
  const def = definition(schema);
  switch (def.type) {
    case "number":
      if (isInteger(def)) {
        return WHOLE.test(text) ? Number(text) : reject(text, flag, "a whole number");
      }
      return isDecimal(text) ? Number(text) : reject(text, flag, "a decimal number");
    case "bigint":
      return WHOLE.test(text)
        ? BigInt(text.replace(/^\+/, ""))
        : reject(text, flag, "a whole number");
    case "boolean":
      return TRUE.has(text) || (FALSE.has(text) ? false : reject(text, flag, "true or false"));
    default:
      return text;
  }
}

function reject(text: string, flag: string, wanted: string): never {
  throw new UsageError(`Cannot use ${quoted(text)} for ${flag}: it must be ${wanted}`, { flag });
}

/** A flag at fault; `written` is undefined if it was not given. */
interface WrongFlag {
  readonly flag: string;
  readonly schema: Schema;
  readonly written: readonly string[] | undefined;
}

function usageError(issue: Issue, { flag, schema, written }: WrongFlag): UsageError {
  const hint = hintOf(issue);
  const options = { flag, ...(hint !== undefined && { hint }) };
  if (issue.code === "custom" && isSentence(issue.message)) {
    return new UsageError(issue.message, options);
  }
  const value = issue.code === "custom" ? issue.params?.value : undefined;
  const texts = written ?? (value === undefined ? [] : [String(value)]);
  if (texts.length === 0) {
    return new UsageError(`${flag} is required`, { flag, hint: "--help lists the flags" });
  }
  const [, index] = issue.path;
  const text = typeof index === "number" ? itemsOf(schema, texts)[index]! : texts.at(-1)!;
  const place = typeof index === "number" && isNumberList(schema) ? `${flag}[${index}]` : flag;
  const message = `Cannot use ${quoted(text)} for ${place}: ${requirement(issue)}`;
  const similar = issue.code === "invalid_value" && nearest(text, issue.values.map(String));
  return new UsageError(message, similar ? { flag, hint: `did you mean "${similar}"?` } : options);
}
