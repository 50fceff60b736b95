import { csvField, type CsvRecord, readCsv } from "../../sim/internal/csv.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import { BLANK_ROW, TRACE_COLUMNS, type TraceColumn, type TraceRow } from "./trace_row.ts";

/** Values of columns in the order of TRACE_COLUMNS, each of the type of its own column. */
type MutableRow = Record<keyof TraceRow, unknown>;

/** A column and where it stands in a file. */
interface PlacedColumn extends TraceColumn {
  readonly at: number;
}

/**
 * The rows of a trace file that comes in pieces; only the current one is in memory. Columns are
 * found by their names. `file` names it in errors. Throws a ConfigError at the first thing wrong.
 */
export class TraceReader {
  /** Columns of the file that nobody knows; they are left out. */
  readonly unknownColumns: readonly string[];
  readonly #records: Iterator<CsvRecord, void>;
  readonly #columns: readonly PlacedColumn[];
  readonly #numColumns: number;
  readonly #file: string;
  #record: CsvRecord | undefined;
  #last: TraceRow = BLANK_ROW;

  constructor(chunks: Iterable<string>, file: string) {
    this.#file = file;
    this.#records = readCsv(chunks, file);
    const header = this.#records.next().value;
    if (header === undefined) {
      throw new ConfigError(`The file ${file} has no header row`, { file });
    }
    const names = columnNames(header);
    this.#numColumns = names.length;
    this.#columns = placeColumns(names, header);
    const known = new Set(TRACE_COLUMNS.map(({ name }) => name));
    this.unknownColumns = names.filter((name) => !known.has(name));
  }

  /** Reads the next row; undefined at the end of the file. */
  next(): TraceRow | undefined {
    const record = this.#record = this.#records.next().value ?? undefined;
    if (record === undefined) return undefined;
    if (record.numFields !== this.#numColumns) throw this.#wrongLength(record);
    const row: MutableRow = { ...this.#last };
    for (const column of this.#columns) {
      const { key, kind, at } = column;
      const value = kind.read(record, at, this.#last[key] as never);
      if (value === undefined) throw misfit(record, column, kind.accepts);
      row[key] = value;
    }
    const { deadlineUs, arrivalTimeUs } = this.#last = row as unknown as TraceRow;
    if (deadlineUs > 0 && arrivalTimeUs > 0 && deadlineUs < arrivalTimeUs) {
      throw this.error("deadline_us", `it must be 0 or >= arrival_time_us ${arrivalTimeUs}`);
    }
    return this.#last;
  }

  /** An error about the value that the last row has in a column of every trace. */
  error(name: string, accepts: string): ConfigError {
    const column = this.#columns.find((column) => column.name === name)!;
    return misfit(this.#record!, column, accepts);
  }

  #wrongLength(record: CsvRecord): ConfigError {
    const { numFields } = record;
    const message = `Found ${numFields} fields where the header of ${this.#file} names ` +
      `${this.#numColumns} columns`;
    return record.lineError(message);
  }
}

/** The rows of a trace file as its text, in pieces; see `columnsOf` for the columns. */
export function* traceCsv(
  rows: Iterable<TraceRow>,
  columns: readonly TraceColumn[],
): Generator<string, void> {
  yield `${columns.map(({ name }) => name).join(",")}\n`;
  for (const row of rows) {
    let line = "";
    for (const { key, kind } of columns) {
      if (line !== "" || key !== "requestId") line += ",";
      const text = kind.print(row[key] as never);
      line += typeof row[key] === "string" ? csvField(text) : text;
    }
    yield `${line}\n`;
  }
}

/** The columns to write: those of every trace, and the optional ones for which `isUsed` holds. */
export function columnsOf(isUsed: (key: keyof TraceRow) => boolean): TraceColumn[] {
  return TRACE_COLUMNS.filter(({ key, isOptional }) => !isOptional || isUsed(key));
}

function columnNames(header: CsvRecord): string[] {
  const names = Array.from({ length: header.numFields }, (_, i) => header.field(i));
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice < 0) return names;
  throw header.error(twice, `Column "${names[twice]}" appears twice`);
}

function placeColumns(names: readonly string[], header: CsvRecord): PlacedColumn[] {
  const placed = TRACE_COLUMNS.map((column) => ({ ...column, at: names.indexOf(column.name) }));
  const missing = placed.find(({ at, isOptional }) => at < 0 && !isOptional);
  if (missing === undefined) return placed.filter(({ at }) => at >= 0);
  const similar = nearest(missing.name, names);
  throw header.lineError(
    `Column "${missing.name}" is missing`,
    similar && `is "${similar}" meant to be it?`,
  );
}

function misfit(record: CsvRecord, { name, at }: PlacedColumn, accepts: string): ConfigError {
  return record.error(at, `Cannot use ${JSON.stringify(record.field(at))} for ${name}: ${accepts}`);
}
