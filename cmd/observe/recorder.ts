import { Float64Column } from "../../sim/internal/columns.ts";
import { columnsOf, traceCsv } from "../../workload/recorded/trace_csv.ts";
import { BLANK_ROW, type TraceRow } from "../../workload/recorded/trace_row.ts";
import type { Exchange } from "./dispatcher.ts";
import { type BodySettings, minTokensOf, priorityOf } from "./body.ts";
import type { Call } from "./client.ts";

/** When the chunks of a recorded request came, in Unix µs. */
export interface ChunkTimes {
  readonly row: TraceRow;
  readonly timesUs: readonly number[];
}

/** Keeps what becomes of the requests, each in the order in which it ended. */
export class Recorder {
  readonly rows: TraceRow[] = [];
  /** Of requests whose chunk times were kept. */
  readonly chunkTimes: ChunkTimes[] = [];
  /** How much later than due each request was sent, in µs. */
  readonly lagUs = new Float64Column();
  /** Requests that failed, by message; those that the user ended do not count. */
  readonly failures = new Map<string, number>();
  /** Answers with fewer tokens than were asked for. */
  numShort = 0;
  /** Answers that the server ended at its or the request's limit, and that it gave up. */
  numLengthEnded = 0;
  numAborted = 0;
  /** Answers that ended by themselves before they had the least tokens. */
  numStoppedEarly = 0;
  /** Answers without token counts. */
  numWithoutUsage = 0;
  /** Answers that did not come chunk by chunk. */
  numWhole = 0;
  readonly #settings: BodySettings;
  readonly #numWarmups: number;

  /** The first `numWarmups` requests that are sent are not recorded. */
  constructor(settings: BodySettings, numWarmups: number) {
    this.#settings = settings;
    this.#numWarmups = numWarmups;
  }

  /** Takes a request that ended; the workload started at `startUs`, Unix time. */
  add(exchange: Exchange<Call>, startUs: number): void {
    const { index, request, answer } = exchange;
    if (index < this.#numWarmups) return;
    const row = rowOf(exchange);
    this.rows.push(row);
    this.lagUs.push(answer.sendUs - startUs - request.arrivalUs);
    if (answer.chunkTimesUs.length > 0) {
      this.chunkTimes.push({ row, timesUs: answer.chunkTimesUs });
    }
    if (answer.status === "ok") this.#count(exchange);
    else if (!answer.wasCanceled) {
      const { errorMessage } = answer;
      this.failures.set(errorMessage, (this.failures.get(errorMessage) ?? 0) + 1);
    }
  }

  /** The text of the trace file, in pieces. */
  traceText(): Generator<string, void> {
    const { rows } = this;
    const isUsed = (key: keyof TraceRow) => {
      // The most urgent class has rank 0, so the rank does not tell whether there is one.
      const told = key === "vllmPriority" ? "sloClass" : key;
      return rows.some((row) => row[told] !== BLANK_ROW[told]);
    };
    return traceCsv(rows, columnsOf(isUsed));
  }

  /** The text of the file of chunk times, in pieces. */
  *chunkTimesText(): Generator<string, void> {
    yield "request_id,chunk_index,timestamp_us\n";
    for (const { row, timesUs } of this.chunkTimes) {
      if (row.status !== "ok") continue;
      for (const [i, timeUs] of timesUs.entries()) yield `${row.requestId},${i},${timeUs}\n`;
    }
  }

  #count({ request, prepared, answer }: Exchange<Call>): void {
    const { finishReason, outputTokens } = answer;
    const { maxOutputTokens } = request;
    const least = minTokensOf(request, this.#settings);
    const isExact = maxOutputTokens > 0 && least >= maxOutputTokens;
    if (!answer.hasUsage) this.numWithoutUsage++;
    else if (isExact && outputTokens < maxOutputTokens) this.numShort++;
    if (!prepared.isStreamed) this.numWhole++;
    if (finishReason === "abort") this.numAborted++;
    if (finishReason === "length" && !isExact) this.numLengthEnded++;
    if (finishReason === "stop" && outputTokens > 0 && outputTokens < least) {
      this.numStoppedEarly++;
    }
  }
}

function rowOf({ index, request, prepared, answer }: Exchange<Call>): TraceRow {
  const { labels, promptTokens, prefixTokens, deadlineUs } = request;
  const prefixLength = prefixTokens <= promptTokens ? prefixTokens : 0;
  return {
    ...BLANK_ROW,
    requestId: index,
    clientId: labels.clientId,
    tenantId: labels.tenantId,
    sloClass: labels.sloClass,
    vllmPriority: priorityOf(request) ?? 0,
    sessionId: request.sessionId,
    roundIndex: request.round,
    prefixGroup: labels.prefixGroup,
    prefixLength,
    streaming: prepared.isStreamed,
    inputTokens: promptTokens - prefixLength,
    outputTokens: answer.outputTokens,
    model: labels.model,
    deadlineUs: deadlineUs === Infinity ? 0 : deadlineUs,
    sloTargetUs: labels.sloTargetUs,
    serverInputTokens: answer.serverInputTokens,
    arrivalTimeUs: request.arrivalUs,
    sendTimeUs: answer.sendUs,
    firstChunkTimeUs: answer.firstChunkUs,
    lastChunkTimeUs: answer.lastChunkUs,
    numChunks: answer.numChunks,
    status: answer.status,
    errorMessage: answer.errorMessage,
    finishReason: answer.finishReason,
    xRequestId: prepared.requestId,
  };
}
