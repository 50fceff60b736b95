import type { z } from "zod";
import { parseDocument } from "./document.ts";
import { ConfigError } from "./errors.ts";

/**
 * The content of a JSON file as `schema` wants it. `what` names it in the ConfigError for a text
 * that is no JSON; a wrong value is shown at its place.
 */
export function parseJson<S extends z.ZodType>(
  text: string,
  schema: S,
  { what, file }: { readonly what: string; readonly file: string },
): z.output<S> {
  const parsed = schema.safeParse(jsonValue(text, what, { file }));
  // The slower reader knows where in the file the wrong value stands.
  return parsed.success ? parsed.data : parseDocument(text, file).decode(schema);
}

/** The same for one line of a file of JSON lines. */
export function parseJsonLine<S extends z.ZodType>(
  text: string,
  schema: S,
  { what, file, line }: { readonly what: string; readonly file: string; readonly line: number },
): z.output<S> {
  const parsed = schema.safeParse(jsonValue(text, what, { file, line, column: 1 }));
  if (parsed.success) return parsed.data;
  try {
    return parseDocument(text, file).decode(schema);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.message, { ...error.options, line });
  }
}

function jsonValue(
  text: string,
  what: string,
  place: { readonly file: string; readonly line?: number; readonly column?: number },
): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot read ${what} as JSON: ${reason}`, place);
  }
}
