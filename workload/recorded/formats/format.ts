import { BLANK_ROW, type TraceRow } from "../trace_row.ts";

/** A file of requests that another program wrote. It may be read more than once. */
export interface ForeignFile {
  /** Names it in errors. */
  readonly name: string;
  /** Its text in pieces. */
  chunks(): Iterable<string>;
}

/** A way in which other programs write requests down. */
export interface TraceFormat {
  readonly summary: string;
  /** True if a file that begins like this is likely to be one. */
  matches(head: string): boolean;
  /**
   * Its requests in the order of the file, times on a clock that may begin anywhere. Throws a
   * ConfigError at the first thing wrong.
   */
  rows(file: ForeignFile): Iterable<TraceRow>;
}

/** Latencies of a request as another program measured them, in µs; times on the clock of `startUs`. */
export interface MeasuredTimes {
  readonly startUs: number;
  /** Time of the first token; NaN if the answer came in one piece or that is not known. */
  readonly firstUs: number;
  /** Time of the last token; NaN if there is none. */
  readonly lastUs: number;
}

/** A row of a request that was sent at `atUs`. */
export function rowAt(atUs: number, init: Partial<TraceRow>): TraceRow {
  const us = Math.round(atUs);
  return { ...BLANK_ROW, status: "ok", ...init, arrivalTimeUs: us, sendTimeUs: us };
}

/** A row of a request with measured latencies. */
export function measuredRow(times: MeasuredTimes, init: Partial<TraceRow>): TraceRow {
  const { startUs, firstUs, lastUs } = times;
  const hasEnd = Number.isFinite(lastUs);
  const isStreamed = hasEnd && Number.isFinite(firstUs);
  return rowAt(startUs, {
    streaming: isStreamed,
    firstChunkTimeUs: hasEnd ? Math.round(isStreamed ? firstUs : lastUs) : 0,
    lastChunkTimeUs: hasEnd ? Math.round(lastUs) : 0,
    ...init,
  });
}

/** All text of a file that makes sense only as a whole. */
export function wholeText(file: ForeignFile): string {
  let text = "";
  for (const chunk of file.chunks()) text += chunk;
  return text;
}
