import { ConfigError } from "./errors.ts";

const PLUS = 43;
const MINUS = 45;
const ZERO = 48;

const MAX_WHOLE_DIGITS = 15;

/**
 * One record of a CSV text. Fields are stretches of `text`, so that numbers are read without making
 * strings of them. The next record overwrites it.
 */
export class CsvRecord {
  readonly file: string;
  numFields = 0;
  /** 1-based line of the file on which it begins. */
  line = 0;
  text = "";
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** Text of the file around the record, where the record begins in it, and where its fields do. */
  source = "";
  sourceStart = 0;
  origins = this.starts;

  constructor(file: string) {
    this.file = file;
  }

  /** A field without its quotes. */
  field(i: number): string {
    return ownCopy(this.text, this.starts[i]!, this.ends[i]!);
  }

  /** True if a field reads `value`. */
  is(i: number, value: string): boolean {
    const start = this.starts[i]!;
    return this.ends[i]! - start === value.length && this.text.startsWith(value, start);
  }

  /** A field of decimal digits with optional sign as a number, exact to 2^53; NaN for any other. */
  whole(i: number): number {
    const { text } = this;
    const end = this.ends[i]!;
    let at = this.starts[i]!;
    const sign = text.charCodeAt(at);
    if ((sign === MINUS || sign === PLUS) && at < end) at++;
    if (at === end) return NaN;
    if (end - at > MAX_WHOLE_DIGITS) return longWhole(text.slice(this.starts[i]!, end));
    let value = 0;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) return NaN;
      value = value * 10 + digit;
    }
    return sign === MINUS && value !== 0 ? -value : value;
  }

  /** An error that points to a field. */
  error(i: number, message: string, hint?: string): ConfigError {
    const at = this.origins[i]!;
    return errorAt(this, at, { message, hint, length: this.ends[i]! - this.starts[i]! });
  }

  /** An error that points to the record as a whole. */
  lineError(message: string, hint?: string): ConfigError {
    return errorAt(this, this.sourceStart, { message, hint });
  }

  /** Appends a field, a stretch of `text` that stands at `origin` in the source. */
  push(start: number, end: number, origin: number): void {
    const i = this.numFields++;
    if (i === this.starts.length) this.#grow();
    this.starts[i] = start;
    this.ends[i] = end;
    if (this.origins !== this.starts) this.origins[i] = origin;
  }

  #grow(): void {
    const isPlain = this.origins === this.starts;
    this.starts = doubled(this.starts);
    this.ends = doubled(this.ends);
    this.origins = isPlain ? this.starts : doubled(this.origins);
  }
}

/** An error at offset `at` of the text around a record. */
export function errorAt(
  { file, source, sourceStart, line }: CsvRecord,
  at: number,
  { message, hint, length = 1 }: { message: string; hint: string | undefined; length?: number },
): ConfigError {
  const lineStart = source.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = source.indexOf("\n", at);
  const sourceLine = source.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, "");
  return new ConfigError(message, {
    file,
    line: line + source.slice(sourceStart, at).split("\n").length - 1,
    column: at - lineStart + 1,
    length: Math.min(Math.max(1, length), Math.max(1, lineStart + sourceLine.length - at)),
    sourceLine,
    ...(hint !== undefined && { hint }),
  });
}

/** A number of more digits than are exact for sure. */
function longWhole(text: string): number {
  const value = /^[-+]?[0-9]+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : NaN;
}

/** From this length on a slice points into its text; beyond the second one it is copied no more. */
const POINTING_LENGTH = 13;
const LONG_LENGTH = 256;

/** A slice that stands alone: one that points into its text would keep all of it alive. */
function ownCopy(text: string, start: number, end: number): string {
  const length = end - start;
  if (length < POINTING_LENGTH || length > LONG_LENGTH) return text.slice(start, end);
  const codes = new Array<number>(length);
  for (let i = 0; i < length; i++) codes[i] = text.charCodeAt(start + i);
  return String.fromCharCode(...codes);
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
