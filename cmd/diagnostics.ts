import { AccessError, ConfigError, UsageError } from "../sim/internal/errors.ts";

/** Values of `--log`, from the quietest to the most talkative. */
export const LOG_LEVELS = ["panic", "fatal", "error", "warn", "info", "debug", "trace"] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** What the program says on stderr, each thing once. */
export class Diagnostics {
  /** Messages of a more talkative level are left out; errors never are. */
  level: LogLevel = "warn";
  readonly #write: (text: string) => void;
  readonly #said = new Set<string>();

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  warn(message: string, hint?: string): void {
    this.#say("warn", `warning: ${message}\n${hintLine(hint)}`);
  }

  /** For what the user may want to know, though nothing is wrong. */
  note(message: string, hint?: string): void {
    this.#say("warn", `note: ${message}\n${hintLine(hint)}`);
  }

  info(message: string): void {
    this.#say("info", `info: ${message}\n`);
  }

  /** Prints what went wrong; returns the exit code: 2 for the user's errors, 70 for ours. */
  fail(error: unknown): number {
    this.#write(errorText(error, LOG_LEVELS.indexOf(this.level) >= LOG_LEVELS.indexOf("debug")));
    return isUserError(error) ? 2 : 70;
  }

  #say(level: LogLevel, text: string): void {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.level) || this.#said.has(text)) return;
    this.#said.add(text);
    this.#write(text);
  }
}

/** True for what the user can mend; anything else is a defect of the program. */
export function isUserError(error: unknown): error is UsageError | ConfigError | AccessError {
  return error instanceof UsageError || error instanceof ConfigError ||
    error instanceof AccessError;
}

/** An error as text: the message, the place in its file with a caret, a hint. */
export function errorText(error: unknown, withStack = false): string {
  if (error instanceof ConfigError) {
    return `error: ${error.message}\n${placeText(error)}${hintLine(error.options.hint)}`;
  }
  if (error instanceof UsageError || error instanceof AccessError) {
    return `error: ${error.message}\n${hintLine(error.hint)}`;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return `error: Internal defect: ${message}\n` +
    (withStack ? `${stack}\n` : "hint: --log debug shows where; please report it\n");
}

function placeText({ options }: ConfigError): string {
  const { file, line, column, length = 1, sourceLine } = options;
  if (file === undefined) return "";
  if (line === undefined || column === undefined) return `  --> ${file}\n`;
  const place = `  --> ${file}:${line}:${column}\n`;
  if (sourceLine === undefined) return place;
  const gutter = " ".repeat(String(line).length);
  const indent = sourceLine.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${place}${line} | ${sourceLine}\n${gutter} | ${indent}${"^".repeat(length)}\n`;
}

function hintLine(hint: string | undefined): string {
  return hint === undefined ? "" : `hint: ${hint}\n`;
}
