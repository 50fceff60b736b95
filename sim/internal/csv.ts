import { ConfigError } from "./errors.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;

/** A longer record has lost a quote; in UTF-16 units. */
const MAX_RECORD_LENGTH = 1 << 20;
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

/**
 * The records of a CSV text that comes in pieces, without blank lines; a byte-order mark and CRLF
 * are taken for nothing and LF. Only the current piece is in memory. Throws a ConfigError at a
 * quote that stands where none may. Source: RFC 4180.
 */
export function* readCsv(chunks: Iterable<string>, file: string): Generator<CsvRecord, void> {
  const splitter = new Splitter(file);
  for (const chunk of chunks) {
    splitter.feed(chunk);
    while (splitter.next()) yield splitter.record;
  }
  splitter.end();
  while (splitter.next()) yield splitter.record;
}

/** A field as it is written: in quotes if it has to be. Source: Go, encoding/csv, Writer. */
export function csvField(text: string): string {
  const needsQuotes = /[",\r\n]|^\s/.test(text) || text === "\\.";
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Cuts a text into records. */
class Splitter {
  readonly record: CsvRecord;
  #source = "";
  #at = 0;
  #line = 1;
  /** Where the next quote stands; its own length if there is none. */
  #quoteAt = 0;
  #isFirst = true;
  #isLast = false;

  constructor(file: string) {
    this.record = new CsvRecord(file);
  }

  feed(chunk: string): void {
    const text = this.#isFirst && chunk.startsWith("\uFEFF") ? chunk.slice(1) : chunk;
    if (chunk !== "") this.#isFirst = false;
    this.#source = this.#source.slice(this.#at) + text;
    this.#at = 0;
    this.#quoteAt = -1;
    if (this.#source.length - chunk.length <= MAX_RECORD_LENGTH) return;
    throw this.#errorAt(0, "A record is longer than 1 MiB", "is a closing quote missing?");
  }

  end(): void {
    if (this.#at < this.#source.length) this.feed("\n");
    this.#isLast = true;
  }

  /** Reads one record; false if the rest of the text holds no whole one. */
  next(): boolean {
    const source = this.#source;
    for (;;) {
      const end = source.indexOf("\n", this.#at);
      if (end < 0) return false;
      if (this.#nextQuote() < end) return this.#readQuoted();
      const start = this.#at;
      const textEnd = end > start && source.charCodeAt(end - 1) === CR ? end - 1 : end;
      this.#at = end + 1;
      this.#line++;
      if (textEnd > start) {
        this.#readPlain(start, textEnd);
        return true;
      }
    }
  }

  #nextQuote(): number {
    if (this.#quoteAt < this.#at) {
      const found = this.#source.indexOf('"', this.#at);
      this.#quoteAt = found < 0 ? this.#source.length : found;
    }
    return this.#quoteAt;
  }

  #readPlain(start: number, end: number): void {
    const { record } = this;
    const text = this.#source;
    record.origins = record.starts;
    this.#begin(text, start, this.#line - 1);
    let from = start;
    for (let at = start; at < end; at++) {
      if (text.charCodeAt(at) !== COMMA) continue;
      record.push(from, at, from);
      from = at + 1;
    }
    record.push(from, end, from);
  }

  /** A record with quotes: its fields are collected in a text of their own. */
  #readQuoted(): boolean {
    const { record } = this;
    record.origins = new Int32Array(record.starts.length);
    this.#begin("", this.#at, this.#line);
    const source = this.#source;
    let at = this.#at;
    for (;;) {
      const end = source.charCodeAt(at) === QUOTE ? this.#closingQuote(at) : this.#fieldEnd(at);
      if (end < 0) return false;
      const isQuoted = source.charCodeAt(at) === QUOTE;
      const content = isQuoted
        ? source.slice(at + 1, end - 1).replaceAll('""', '"').replaceAll("\r\n", "\n")
        : source.slice(at, end);
      record.push(record.text.length, record.text.length + content.length, at);
      record.text += content;
      at = end + 1;
      if (source.charCodeAt(end) === COMMA) continue;
      if (source.charCodeAt(end) === CR) at++;
      this.#line += source.slice(this.#at, at).split("\n").length - 1;
      this.#at = at;
      return true;
    }
  }

  /** Where a field without quotes ends. */
  #fieldEnd(start: number): number {
    const source = this.#source;
    for (let at = start; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === QUOTE) {
        const hint = 'put the field in quotes and write each quote in it as ""';
        throw this.#errorAt(at, "Found a quote inside a field that has no quotes around it", hint);
      }
      if (code === COMMA) return at;
      if (code === LF) return at > start && source.charCodeAt(at - 1) === CR ? at - 1 : at;
    }
    return -1;
  }

  /** Where a field with quotes ends, after its closing quote; -1 if the text ends before. */
  #closingQuote(start: number): number {
    const source = this.#source;
    for (let at = start + 1;;) {
      const quote = source.indexOf('"', at);
      if (quote < 0 || quote + 2 >= source.length) {
        if (quote >= 0 && isFieldEnd(source, quote + 1)) return quote + 1;
        if (!this.#isLast) return -1;
        throw this.#errorAt(start, "The quote that opens this field is never closed");
      }
      if (source.charCodeAt(quote + 1) !== QUOTE) {
        if (isFieldEnd(source, quote + 1)) return quote + 1;
        throw this.#errorAt(quote + 1, "Found text after the closing quote of a field");
      }
      at = quote + 2;
    }
  }

  #begin(text: string, start: number, line: number): void {
    const { record } = this;
    record.numFields = 0;
    record.text = text;
    record.line = line;
    record.source = this.#source;
    record.sourceStart = start;
  }

  #errorAt(at: number, message: string, hint?: string): ConfigError {
    this.#begin("", this.#at, this.#line);
    return errorAt(this.record, at, { message, hint });
  }
}

function isFieldEnd(source: string, at: number): boolean {
  const code = source.charCodeAt(at);
  return code === COMMA || code === LF || (code === CR && source.charCodeAt(at + 1) === LF);
}

function errorAt(
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
