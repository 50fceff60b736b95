import { Random, streamSeed } from "../../sim/internal/random.ts";
import type { ForeignFile, TraceFormat } from "./formats/format.ts";
import type { TraceRow } from "./trace_row.ts";

/** Which requests of a foreign trace to take, and how fast. */
export interface TraceSelection {
  /** Stretch of the file, µs after its first request; the end is exclusive. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Share of the requests, in (0, 1]; sessions stay whole. */
  readonly sample: number;
  /** Arrivals come this many times as fast. */
  readonly scaleRate: number;
  readonly seed: bigint;
}

/** A foreign trace as rows of ours. The file is read twice: first for where its clock begins. */
export class TraceImport {
  /** Requests of the file. */
  readonly numRequests: number = 0;
  /** True if it holds measured latencies. */
  readonly isMeasured: boolean = false;
  /** Optional columns that it fills. */
  readonly usedKeys: ReadonlySet<keyof TraceRow>;
  /** Of the rows that were made: their number, the last arrival in µs, and those without prompt. */
  numKept = 0;
  lastUs = 0;
  numEmpty = 0;
  readonly #format: TraceFormat;
  readonly #file: ForeignFile;
  readonly #selection: TraceSelection;
  readonly #firstUs: number = Infinity;

  constructor(format: TraceFormat, file: ForeignFile, selection: TraceSelection) {
    this.#format = format;
    this.#file = file;
    this.#selection = selection;
    const usedKeys = new Set<keyof TraceRow>();
    for (const row of format.rows(file)) {
      this.numRequests++;
      this.#firstUs = Math.min(this.#firstUs, row.arrivalTimeUs);
      if (row.lastChunkTimeUs !== 0) this.isMeasured = true;
      if (row.prefixBlocks !== "") usedKeys.add("prefixBlocks");
      if (row.xRequestId !== "") usedKeys.add("xRequestId");
    }
    this.usedKeys = usedKeys;
  }

  /** The selected requests in the order of the file, numbered from 0, times from the selection's start. */
  *rows(): Generator<TraceRow, void> {
    const { fromUs, toUs, scaleRate } = this.#selection;
    const isSampled = this.#sampling();
    for (const row of this.#format.rows(this.#file)) {
      const sinceUs = row.arrivalTimeUs - this.#firstUs;
      if (sinceUs < fromUs || sinceUs >= toUs || !isSampled(row)) continue;
      if (row.inputTokens === 0) {
        this.numEmpty++;
        continue;
      }
      const arrivalUs = Math.round((sinceUs - fromUs) / scaleRate);
      this.lastUs = Math.max(this.lastUs, arrivalUs);
      yield { ...moved(row, arrivalUs), requestId: this.numKept++ };
    }
  }

  #sampling(): (row: TraceRow) => boolean {
    const { sample, seed } = this.#selection;
    if (sample === 1) return () => true;
    const rng = new Random(streamSeed(seed, "trace-sample"));
    const sessions = new Map<string, boolean>();
    return ({ sessionId }) => {
      const known = sessions.get(sessionId);
      if (known !== undefined) return known;
      const isKept = rng.float64() < sample;
      if (sessionId !== "") sessions.set(sessionId, isKept);
      return isKept;
    };
  }
}

/** The same request, sent at another time; its latencies stay. */
function moved(row: TraceRow, toUs: number): TraceRow {
  const shiftUs = toUs - row.sendTimeUs;
  const hasChunks = row.lastChunkTimeUs !== 0;
  return {
    ...row,
    arrivalTimeUs: toUs,
    sendTimeUs: toUs,
    firstChunkTimeUs: hasChunks ? row.firstChunkTimeUs + shiftUs : 0,
    lastChunkTimeUs: hasChunks ? row.lastChunkTimeUs + shiftUs : 0,
  };
}
