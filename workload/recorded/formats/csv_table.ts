import { type CsvRecord, readCsv } from "../../../sim/internal/csv.ts";
import { ConfigError } from "../../../sim/internal/errors.ts";
import type { ForeignFile } from "./format.ts";

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/** The current record of a CSV file whose columns have names. */
export class CsvTable {
  readonly #records: Iterator<CsvRecord, void>;
  readonly #names: readonly string[];
  #record: CsvRecord | undefined;

  /** Throws a ConfigError if a column of `required` is missing. */
  constructor({ name, chunks }: ForeignFile, required: readonly string[]) {
    this.#records = readCsv(chunks(), name);
    const header = this.#records.next().value;
    if (header === undefined) throw new ConfigError(`The file ${name} is empty`, { file: name });
    this.#names = Array.from({ length: header.numFields }, (_, i) => header.field(i).trim());
    const missing = required.find((column) => !this.#names.includes(column));
    if (missing !== undefined) throw header.lineError(`Column "${missing}" is missing`);
  }

  /** Goes to the next record; false at the end of the file. */
  next(): boolean {
    const record = this.#record = this.#records.next().value ?? undefined;
    if (record === undefined || record.numFields === this.#names.length) {
      return record !== undefined;
    }
    const message = `Found ${record.numFields} fields, the header names ${this.#names.length}`;
    throw record.lineError(message);
  }

  has(column: string): boolean {
    return this.#names.includes(column);
  }

  text(column: string): string {
    return this.#record!.field(this.#names.indexOf(column)).trim();
  }

  /** A number; throws if the field is none. */
  number(column: string): number {
    const text = this.text(column);
    if (DECIMAL.test(text)) return Number(text);
    throw this.error(column, "it must be a number");
  }

  /** A number of tokens. */
  tokens(column: string): number {
    const value = this.number(column);
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
    throw this.error(column, "it must be a whole number >= 0");
  }

  /** An error at the current field of a column. */
  error(column: string, accepts: string): ConfigError {
    const text = JSON.stringify(this.text(column));
    const at = this.#names.indexOf(column);
    return this.#record!.error(at, `Cannot use ${text} for ${column}: ${accepts}`);
  }
}
