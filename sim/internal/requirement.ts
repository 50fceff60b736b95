import type { z } from "zod";

/** One thing that a zod schema found wrong. */
export type Issue = z.core.$ZodIssue;

/**
 * What a value must be, from the issue that it is not: `it must be > 0`. A message of a `.check()`
 * or `.refine()` stands as it is: `it must be a power of two`, or a whole sentence, see isSentence.
 */
export function requirement(issue: Issue): string {
  switch (issue.code) {
    case "too_small":
      return limit(issue.origin, issue.minimum, issue.inclusive === false ? ">" : ">=");
    case "too_big":
      return limit(issue.origin, issue.maximum, issue.inclusive === false ? "<" : "<=");
    case "invalid_type":
      return `it must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      return "it has none of the accepted forms";
    case "unrecognized_keys":
      return `it has the unknown key "${issue.keys[0]}"`;
    case "not_multiple_of":
      return `it must be a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

/** What to do about an issue, where its `.check()` or `.refine()` says so in `params.hint`. */
export function hintOf(
  { params }: { readonly code?: string; readonly params?: Record<string, unknown> | undefined },
): string | undefined {
  return typeof params?.hint === "string" ? params.hint : undefined;
}

/** True for a message that says all by itself; else it continues `Cannot use V for K: `. */
export function isSentence(message: string): boolean {
  return /^[A-Z]/.test(message);
}

/** `it must be one of a, b`, or `it must be a`. That nothing may stand there too is not told. */
export function oneOf(values: Iterable<unknown>): string {
  const names = [...values].map(String).filter((name) => name !== "");
  return names.length === 1 ? `it must be ${names[0]}` : `it must be one of ${names.join(", ")}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: "a finite number",
  int: "a whole number",
  bigint: "a whole number",
  string: "text",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

function limit(origin: string, value: number | bigint, relation: string): string {
  if (origin === "string") {
    return value === 1 ? "it must not be empty" : `its length must be ${relation} ${value}`;
  }
  if (origin === "array") return `it must have ${relation} ${value} items`;
  return `it must be ${relation} ${value}`;
}
