import type { ObservedRequest } from "./observed_batch.ts";
import type { TraceReader } from "../recorded/trace_csv.ts";
import type { TraceRow } from "../recorded/trace_row.ts";

/** What lies between the rows of a trace and what a fit learns from them. */
export interface ObservationOptions {
  /** Requests with a smaller id are left out. */
  readonly warmUpRequests: number;
  /** Network of a round trip, in each latency. */
  readonly rttUs: number;
  /** Tokens of a KV block: a prefix is cached in whole blocks. */
  readonly blockSize: number;
  /** True for a trace of a real server, where an answer in one piece tells no first token. */
  readonly isObserved: boolean;
  /** Share of the requests, by the time they were sent, that the fit learns from. */
  readonly trainingShare: number;
}

/** A request with its id in the trace. */
export interface NumberedRequest extends ObservedRequest {
  readonly requestId: number;
}

/** The answered requests of a trace, by the time they were sent. */
export function observedRequests(
  reader: TraceReader,
  options: ObservationOptions,
): NumberedRequest[] {
  const requests: NumberedRequest[] = [];
  const groups = new Set<string>();
  for (let row = reader.next(); row !== undefined; row = reader.next()) {
    if (!isMeasured(row, options)) continue;
    requests.push({
      requestId: row.requestId,
      sentUs: row.sendTimeUs,
      firstTokenUs: row.firstChunkTimeUs - options.rttUs,
      lastTokenUs: row.lastChunkTimeUs - options.rttUs,
      prefillTokens: prefillTokensOf(row, groups.has(row.prefixGroup) ? options.blockSize : 0),
      decodeTokens: Math.max(0, row.outputTokens - 1),
      isTraining: false,
    });
    if (row.prefixGroup !== "") groups.add(row.prefixGroup);
  }
  requests.sort((a, b) => a.sentUs - b.sentUs || a.requestId - b.requestId);
  const numTraining = Math.floor(requests.length * options.trainingShare);
  return requests.map((request, i) => ({ ...request, isTraining: i < numTraining }));
}

function isMeasured(row: TraceRow, { warmUpRequests, isObserved }: ObservationOptions): boolean {
  return row.status === "ok" && row.requestId >= warmUpRequests &&
    (row.streaming || !isObserved) && row.firstChunkTimeUs > row.sendTimeUs &&
    row.lastChunkTimeUs >= row.firstChunkTimeUs;
}

/** `cachedBlock`: tokens of a block if the prefix of the group was computed before, else 0. */
function prefillTokensOf(row: TraceRow, cachedBlock: number): number {
  const { prefixLength } = row;
  const promptTokens = row.serverInputTokens > 0
    ? row.serverInputTokens
    : row.inputTokens + prefixLength;
  const cached = cachedBlock === 0 ? 0 : prefixLength - prefixLength % cachedBlock;
  return Math.max(1, promptTokens - cached);
}
