import type { RequestTable } from "../sim/metrics.ts";
import { type Request, RequestState } from "../sim/request.ts";
import type { RequestSource } from "../sim/request_source.ts";
import { columnsOf } from "./trace_csv.ts";
import { BLANK_ROW, type TraceColumn, type TraceRow } from "./trace_row.ts";

/** What a trace needs of a finished run. */
export interface RecordedRun {
  readonly table: RequestTable;
  /** Requests that arrived. */
  readonly numArrived: number;
  /** Part of the E2E of a request with output that comes after its last token, in µs. */
  readonly postDecodeUs: number;
}

/** A source that remembers its requests, so that a trace can be written when they have run. */
export class TraceRecorder implements RequestSource {
  readonly onFinished?: NonNullable<RequestSource["onFinished"]>;
  readonly #source: RequestSource;
  readonly #requests: Request[] = [];
  readonly #followUps: Request[] = [];

  constructor(source: RequestSource) {
    this.#source = source;
    if (source.onFinished === undefined) return;
    this.onFinished = (request, atUs) => {
      const followUps = source.onFinished!(request, atUs);
      this.#followUps.push(...followUps);
      return followUps;
    };
  }

  next(): Request | undefined {
    const request = this.#source.next();
    if (request !== undefined) this.#requests.push(request);
    return request;
  }

  /** The requests that the source gave so far, follow-ups apart. */
  get requests(): readonly Request[] {
    return this.#requests;
  }

  /** The columns that a trace of all requests needs. */
  columns(): TraceColumn[] {
    const labels = new Set([...this.#requests, ...this.#followUps].map(({ labels }) => labels));
    const isUsed = {
      sloTargetUs: [...labels].some(({ sloTargetUs }) => sloTargetUs > 0),
      adapter: [...labels].some(({ adapter }) => adapter !== ""),
    };
    return columnsOf((key) => key in isUsed && isUsed[key as keyof typeof isUsed]);
  }

  /** The requests that arrived, in the order in which they did. */
  *rows(run: RecordedRun): Generator<TraceRow, void> {
    let requestId = 0;
    for (const request of this.#byArrival()) {
      if (requestId === run.numArrived) return;
      yield traceRow(requestId++, request, run);
    }
  }

  /** At equal times the source goes before the follow-ups, and these by their making. */
  *#byArrival(): Generator<Request, void> {
    const followUps = this.#followUps.toSorted((a, b) => a.arrivalUs - b.arrivalUs);
    let i = 0;
    for (const request of this.#requests) {
      for (; i < followUps.length && followUps[i]!.arrivalUs < request.arrivalUs; i++) {
        yield followUps[i]!;
      }
      yield request;
    }
    yield* followUps.slice(i);
  }
}

/** What a run made of a request, as the row of a trace. */
export function traceRow(requestId: number, request: Request, run: RecordedRun): TraceRow {
  const { labels, arrivalUs, promptTokens, prefixTokens, details, deadlineUs } = request;
  const prefixLength = prefixTokens <= promptTokens ? prefixTokens : 0;
  return {
    ...BLANK_ROW,
    requestId,
    clientId: labels.clientId,
    tenantId: labels.tenantId,
    sloClass: labels.sloClass,
    sessionId: request.sessionId,
    roundIndex: request.round,
    prefixGroup: labels.prefixGroup,
    prefixLength,
    streaming: labels.streaming,
    inputTokens: promptTokens - prefixLength,
    outputTokens: request.outputTokens,
    ...details,
    model: labels.model,
    deadlineUs: deadlineUs === Infinity ? 0 : deadlineUs,
    sloTargetUs: labels.sloTargetUs,
    arrivalTimeUs: arrivalUs,
    sendTimeUs: arrivalUs,
    ...chunkTimes(request, run),
    status: statusOf(request),
    adapter: labels.adapter,
  };
}

function statusOf({ state }: Request): string {
  if (state === RequestState.COMPLETED) return "ok";
  return state === RequestState.TIMED_OUT ? "timeout" : "incomplete";
}

/** When the first and the last token came, on the clock of arrivals. */
function chunkTimes(
  { row, arrivalUs, outputTokens }: Request,
  { table, postDecodeUs }: RecordedRun,
): Pick<TraceRow, "firstChunkTimeUs" | "lastChunkTimeUs"> {
  const ttftUs = row < 0 ? NaN : table.ttftUs.data[row]!;
  if (Number.isNaN(ttftUs)) return { firstChunkTimeUs: 0, lastChunkTimeUs: 0 };
  const e2eUs = table.e2eUs.data[row]!;
  const lastUs = Number.isNaN(e2eUs)
    ? ttftUs + (table.cutDecodeUs.get(row) ?? 0)
    : e2eUs - (outputTokens > 0 ? postDecodeUs : 0);
  return { firstChunkTimeUs: arrivalUs + ttftUs, lastChunkTimeUs: arrivalUs + lastUs };
}
