import { readCsv } from "../../sim/internal/csv.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { parseJsonObject } from "../../sim/internal/json_object.ts";

/** A folder of ServeGen data: chunk-ID-trace.csv with chunk-ID-dataset.json each. */
export interface ServegenFiles {
  /** Names the folder in messages. */
  readonly folder: string;
  list(): readonly string[];
  /** The text of a file; throws if it cannot be read. */
  read(name: string): string;
}

/** Ten minutes of one client: rate in requests/s and the form of its gaps. */
export interface TraceRow {
  readonly startSeconds: number;
  readonly rate: number;
  readonly cv: number;
  readonly pattern: string;
  /** 0 if there is none, as is the scale. */
  readonly shape: number;
  readonly scaleSeconds: number;
}

/** How often each length, or each ratio, was measured. */
export type Frequencies = ReadonlyMap<number, number>;

/** The lengths measured from some time on. */
export interface Dataset {
  readonly input: Frequencies;
  readonly output: Frequencies;
}

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/** Ids of the chunks in the order of their file names. */
export function chunkIds(files: ServegenFiles): string[] {
  const ids = [...files.list()].sort((a, b) => a < b ? -1 : 1)
    .flatMap((name) => /^chunk-(.*)-trace\.csv$/.exec(name)?.[1] ?? []);
  if (ids.length > 0) return ids;
  throw new ConfigError(`Found no chunk-*-trace.csv in ${files.folder}`);
}

/** The rows of a chunk's trace; rows that are no figures are left out with a warning. */
export function readTrace(
  files: ServegenFiles,
  id: string,
  warn: (message: string) => void,
): TraceRow[] {
  const file = `chunk-${id}-trace.csv`;
  const rows: TraceRow[] = [];
  let numFields = -1;
  let numBad = 0;
  for (const record of readCsv([files.read(file)], file)) {
    if (numFields < 0) numFields = record.numFields;
    if (record.numFields !== numFields) {
      throw record.lineError(
        `Found ${record.numFields} fields where the first row has ${numFields}`,
      );
    }
    const row = traceRow(Array.from({ length: numFields }, (_, i) => record.field(i).trim()));
    if (row === undefined) numBad++;
    else rows.push(row);
  }
  if (numBad > 0) warn(`Left out ${numBad} rows of ${file}: they are no figures`);
  return rows;
}

function traceRow(fields: readonly string[]): TraceRow | undefined {
  const [startSeconds, rate, cv] = fields.map(decimal);
  if (fields.length < 4) return undefined;
  if (startSeconds === undefined || rate === undefined || cv === undefined) return undefined;
  const shape = decimal(fields[4] ?? "");
  const scaleSeconds = decimal(fields[5] ?? "");
  const pattern = fields[3]!.toLowerCase();
  return shape === undefined || scaleSeconds === undefined
    ? { startSeconds, rate, cv, pattern, shape: 0, scaleSeconds: 0 }
    : { startSeconds, rate, cv, pattern, shape, scaleSeconds };
}

function decimal(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/** The entries of a chunk's dataset file as they are: time → texts by name. */
export function readDatasetFile(files: ServegenFiles, id: string): Record<string, DatasetTexts> {
  const file = `chunk-${id}-dataset.json`;
  const entries = parseJsonObject(files.read(file), "the dataset", file);
  return entries as Record<string, DatasetTexts>;
}

/** One entry of a dataset file. */
export interface DatasetTexts {
  readonly input_tokens?: string;
  readonly output_tokens?: string;
  readonly reason_ratio?: string;
}

/** The datasets of a chunk by their time in s, ascending; empty ones are left out. */
export function readDatasets(
  files: ServegenFiles,
  id: string,
  warn: (message: string) => void,
): ReadonlyMap<number, Dataset> {
  const file = `chunk-${id}-dataset.json`;
  const datasets: [number, Dataset][] = [];
  for (const [key, texts] of Object.entries(readDatasetFile(files, id))) {
    const time = decimal(key);
    if (time === undefined) {
      warn(`Left out the entry "${key}" of ${file}: it is no time`);
      continue;
    }
    if (isEmpty(texts.input_tokens) || isEmpty(texts.output_tokens)) continue;
    const read = (name: "input_tokens" | "output_tokens") =>
      lengthFrequencies(texts[name]!, `${name} at ${key}`, file);
    const dataset = { input: read("input_tokens"), output: read("output_tokens") };
    datasets.push([Math.trunc(time), dataset]);
  }
  return new Map(datasets.sort(([a], [b]) => a - b));
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === "" || text === "{}";
}

function lengthFrequencies(text: string, what: string, file: string): Frequencies {
  return frequencies(text, (key) => {
    const length = decimal(key);
    return length === undefined ? undefined : Math.trunc(length);
  }, (problem) => new ConfigError(`Cannot use ${what}: ${problem}`, { file }));
}

/** The ratios of an entry, each in [0, 1] with a weight ≥ 0; undefined if it has none that are usable. */
export function ratioFrequencies({ reason_ratio: text }: DatasetTexts): Frequencies | undefined {
  if (isEmpty(text)) return undefined;
  try {
    return frequencies(text!, (key) => {
      const ratio = decimal(key.replace(/^["']|["']$/g, ""));
      return ratio !== undefined && ratio >= 0 && ratio <= 1 ? ratio : undefined;
    }, (problem) => new ConfigError(problem));
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** Reads the text of a Python dict of numbers; of equal keys the last one counts. */
function frequencies(
  text: string,
  readKey: (text: string) => number | undefined,
  problem: (message: string) => ConfigError,
): Frequencies {
  const inner = /^\{(.*)\}$/s.exec(text.trim())?.[1];
  if (inner === undefined) throw problem("it must be {key: value, …}");
  const result = new Map<number, number>();
  for (const piece of inner.split(",")) {
    if (piece.trim() === "") continue;
    const colon = piece.indexOf(":");
    const key = readKey(piece.slice(0, Math.max(0, colon)).trim());
    const value = decimal(piece.slice(colon + 1).trim());
    if (key === undefined || value === undefined) throw problem(`"${piece.trim()}" is no entry`);
    result.set(key, value);
  }
  if (result.size === 0) throw problem("it has no entry");
  return result;
}
