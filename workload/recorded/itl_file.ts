import { readCsv } from "../../sim/internal/csv.ts";
import { ConfigError } from "../../sim/internal/errors.ts";

const COLUMNS = ["request_id", "chunk_index", "timestamp_us"];

/** Chunks of one request: index and time in µs of each, in the order of the file. */
interface Chunks {
  readonly index: number[];
  readonly timeUs: number[];
}

/** When each chunk of each answer came. */
export class ChunkTimes {
  readonly #byRequest = new Map<number, Chunks>();

  /** True if there is no chunk at all. */
  get isEmpty(): boolean {
    return this.#byRequest.size === 0;
  }

  add(requestId: number, index: number, timeUs: number): void {
    let chunks = this.#byRequest.get(requestId);
    if (chunks === undefined) this.#byRequest.set(requestId, chunks = { index: [], timeUs: [] });
    chunks.index.push(index);
    chunks.timeUs.push(timeUs);
  }

  /**
   * Mean time between the chunks of a request in µs, in the order of their indices; steps back in
   * time are left out. NaN if none remains, undefined if it has fewer than two chunks.
   */
  meanGapUs(requestId: number): number | undefined {
    const chunks = this.#byRequest.get(requestId);
    if (chunks === undefined || chunks.index.length < 2) return undefined;
    const { index, timeUs } = chunks;
    const order = index.map((_, i) => i).sort((a, b) => index[a]! - index[b]! || a - b);
    let sum = 0;
    let count = 0;
    for (let i = 1; i < order.length; i++) {
      const gapUs = timeUs[order[i]!]! - timeUs[order[i - 1]!]!;
      if (gapUs < 0) continue;
      sum += gapUs;
      count++;
    }
    return sum / count;
  }
}

/** Reads a file of chunk times that comes in pieces. Throws a ConfigError at the first thing wrong. */
export function readChunkTimes(chunks: Iterable<string>, file: string): ChunkTimes {
  const times = new ChunkTimes();
  let numColumns = 0;
  for (const record of readCsv(chunks, file)) {
    if (numColumns === 0) {
      numColumns = record.numFields;
      if (numColumns >= COLUMNS.length) continue;
      throw record.lineError(`The columns must be ${COLUMNS.join(", ")}`);
    }
    if (record.numFields !== numColumns) {
      throw record.lineError(`Found ${record.numFields} fields, the header has ${numColumns}`);
    }
    const values = COLUMNS.map((name, i) => {
      const value = record.whole(i);
      if (value >= 0) return value;
      const text = JSON.stringify(record.field(i));
      throw record.error(i, `Cannot use ${text} for ${name}: it must be a whole number >= 0`);
    });
    times.add(values[0]!, values[1]!, values[2]!);
  }
  if (numColumns === 0) throw new ConfigError(`The file ${file} has no header row`, { file });
  return times;
}
