import { CsvRecord, errorAt } from "./csv_record.ts";
import type { ConfigError } from "./errors.ts";

export type { CsvRecord };

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;

/** A longer record has lost a quote; in UTF-16 units. */
const MAX_RECORD_LENGTH = 1 << 20;

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
