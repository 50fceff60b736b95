import { AccessError, ConfigError, UsageError } from "../sim/internal/errors.ts";

/** Values of `--log`, from the quietest to the most talkative. */
export const LOG_LEVELS = ["panic", "fatal", "error", "warn", "info", "debug", "trace"] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** The most that is shown of a line of a file, in UTF-16 units. */
const MAX_SHOWN = 100;
/** What a terminal could take for a command: all control characters but tab and line feed. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

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
    this.#write(printable(text));
  }
}

/** True for what the user can mend; anything else is a defect of the program. */
export function isUserError(error: unknown): error is UsageError | ConfigError | AccessError {
  return error instanceof UsageError || error instanceof ConfigError ||
    error instanceof AccessError;
}

/**
 * An error as text: the message, the place in its file with a caret, a hint. What cannot be printed
 * shows as U+FFFD.
 */
export function errorText(error: unknown, withStack = false): string {
  return printable(rawText(error, withStack));
}

function printable(text: string): string {
  return text.replace(CONTROL, "\uFFFD");
}

function rawText(error: unknown, withStack: boolean): string {
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
  const { before, marked, after } = shownPart(sourceLine, column - 1, length);
  const carets = before.replace(/[^\t]/g, " ") + "^".repeat(Math.max(1, marked.length));
  return `${place}${line} | ${before}${marked}${after}\n${gutter} | ${carets}\n`;
}

/** A line around its part that is marked; of a long one only what is near. */
function shownPart(line: string, at: number, length: number) {
  const start = Math.max(0, Math.min(at - MAX_SHOWN / 2, line.length - MAX_SHOWN));
  const end = Math.min(line.length, start + MAX_SHOWN);
  const markedEnd = Math.min(at + length, end);
  return {
    before: (start > 0 ? "…" : "") + line.slice(start, at),
    marked: line.slice(at, markedEnd),
    after: line.slice(markedEnd, end) + (end < line.length ? "…" : ""),
  };
}

function hintLine(hint: string | undefined): string {
  return hint === undefined ? "" : `hint: ${hint}\n`;
}
