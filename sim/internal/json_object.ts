import { ConfigError } from "./errors.ts";

/** True for what JSON calls an object. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a text that must be one JSON object. `what` names it in the ConfigError that is thrown
 * otherwise, e.g. `the hardware table`.
 */
export function parseJsonObject(text: string, what: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot read ${what} as JSON: ${reason}`, { file });
  }
  if (isJsonObject(value)) return value;
  throw new ConfigError(`Cannot use ${what}: it must be a JSON object`, { file });
}
