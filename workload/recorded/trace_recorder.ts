import type { RequestTable } from "../../sim/metrics.ts";
import { type Request, RequestState } from "../../sim/request.ts";
import type { RequestSource } from "../../sim/request_source.ts";
import { columnsOf } from "./trace_csv.ts";
import { type TracedRequest, TracedRequests } from "./traced_requests.ts";
import { BLANK_ROW, type TraceColumn, type TraceRow } from "./trace_row.ts";

/** What a trace needs of a finished run. */
export interface RecordedRun {
  readonly table: RequestTable;
  /** Requests that arrived. */
  readonly numArrived: number;
  /** Part of the E2E of a request with output that comes after its last token, in µs. */
  readonly postDecodeUs: number;
}

/** A source that remembers what a trace tells of its requests, to be written when they have run. */
export class TraceRecorder implements RequestSource {
  readonly onFinished?: NonNullable<RequestSource["onFinished"]>;
  /** What the source gave so far, follow-ups apart. */
  readonly requests = new TracedRequests();
  /** Later rounds of sessions that repeat more than the prefix which a trace tells of them. */
  numRepeating = 0;
  readonly #source: RequestSource;
  readonly #followUps = new TracedRequests();

  constructor(source: RequestSource) {
    this.#source = source;
    if (source.onFinished === undefined) return;
    this.onFinished = (request, atUs) => {
      const followUps = source.onFinished!(request, atUs);
      for (const followUp of followUps) this.#add(followUp, this.#followUps);
      return followUps;
    };
  }

  next(): Request | undefined {
    const request = this.#source.next();
    if (request !== undefined) this.#add(request, this.requests);
    return request;
  }

  #add(request: Request, requests: TracedRequests): void {
    if (request.round > 0 && request.sharedTokens > request.prefixTokens) this.numRepeating++;
    requests.add(request);
  }

  /** The columns that a trace of all requests needs. */
  columns(): TraceColumn[] {
    const labels = [...this.requests.labels, ...this.#followUps.labels];
    const isUsed = {
      sloTargetUs: labels.some(({ sloTargetUs }) => sloTargetUs > 0),
      adapter: labels.some(({ adapter }) => adapter !== ""),
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
  *#byArrival(): Generator<TracedRequest, void> {
    const [requests, followUps] = [this.requests, this.#followUps];
    requests.settle();
    followUps.settle();
    const order = Array.from({ length: followUps.length }, (_, i) => i)
      .sort((a, b) => followUps.arrivalUs(a) - followUps.arrivalUs(b) || a - b);
    let next = 0;
    for (let i = 0; i < requests.length; i++) {
      const arrivalUs = requests.arrivalUs(i);
      for (; next < order.length && followUps.arrivalUs(order[next]!) < arrivalUs; next++) {
        yield followUps.at(order[next]!);
      }
      yield requests.at(i);
    }
    for (const i of order.slice(next)) yield followUps.at(i);
  }
}

/** What a run made of a request, as the row of a trace. */
export function traceRow(requestId: number, request: TracedRequest, run: RecordedRun): TraceRow {
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

function statusOf({ state }: TracedRequest): string {
  if (state === RequestState.COMPLETED) return "ok";
  return state === RequestState.TIMED_OUT ? "timeout" : "incomplete";
}

/** When the first and the last token came, on the clock of arrivals. */
function chunkTimes(
  { row, arrivalUs, outputTokens }: TracedRequest,
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
