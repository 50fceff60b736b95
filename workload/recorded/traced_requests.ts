import { Float64Column, Int32Column, UniformInt32Column } from "../../sim/internal/columns.ts";
import { Interned } from "../../sim/internal/interned.ts";
import {
  type Request,
  type RequestDetails,
  type RequestLabels,
  RequestState,
} from "../../sim/request.ts";

/** What a trace tells of a request beside its latencies. */
export interface TracedRequest {
  readonly labels: RequestLabels;
  readonly arrivalUs: number;
  readonly deadlineUs: number;
  readonly promptTokens: number;
  readonly prefixTokens: number;
  readonly outputTokens: number;
  readonly sessionId: string;
  readonly round: number;
  readonly details: RequestDetails | undefined;
  readonly state: RequestState;
  /** Its row in the table of results, -1 if it was not routed. */
  readonly row: number;
}

/** So many requests may be under way before the ended ones among them are looked for. */
const MIN_LIVE = 1024;

/** Requests as columns; the requests themselves are held only while they are under way. */
export class TracedRequests {
  readonly #labels = new Interned<RequestLabels>();
  readonly #label = new UniformInt32Column(0);
  readonly #arrivalUs = new Float64Column();
  readonly #deadlineUs = new Float64Column();
  readonly #promptTokens = new Int32Column();
  readonly #prefixTokens = new UniformInt32Column(0);
  readonly #outputTokens = new Int32Column();
  readonly #sessions = new Interned<string>();
  /** Index into the sessions, -1 = none. */
  readonly #session = new UniformInt32Column(-1);
  readonly #round = new UniformInt32Column(0);
  readonly #details = new Map<number, RequestDetails>();
  /** Of requests that have ended, and of all once they are settled. */
  readonly #state = new UniformInt32Column(RequestState.COMPLETED);
  readonly #row = new Int32Column();
  #live: { readonly index: number; readonly request: Request }[] = [];
  #maxLive = MIN_LIVE;

  get labels(): readonly RequestLabels[] {
    return this.#labels.list;
  }

  get length(): number {
    return this.#arrivalUs.length;
  }

  arrivalUs(i: number): number {
    return this.#arrivalUs.data[i]!;
  }

  add(request: Request): void {
    const index = this.length;
    const { sessionId, details } = request;
    this.#label.set(index, this.#labels.indexOf(request.labels));
    this.#arrivalUs.push(request.arrivalUs);
    this.#deadlineUs.push(request.deadlineUs);
    this.#promptTokens.push(request.promptTokens);
    this.#prefixTokens.set(index, request.prefixTokens);
    this.#outputTokens.push(request.outputTokens);
    if (sessionId !== "") this.#session.set(index, this.#sessions.indexOf(sessionId));
    this.#round.set(index, request.round);
    if (details !== undefined) this.#details.set(index, details);
    this.#row.push(-1);
    this.#live.push({ index, request });
    if (this.#live.length < this.#maxLive) return;
    this.#live = this.#live.filter((entry) => !this.#letGo(entry));
    this.#maxLive = Math.max(MIN_LIVE, 2 * this.#live.length);
  }

  /** Takes down what became of all requests: the run is over. */
  settle(): void {
    for (const { index, request } of this.#live) this.#note(index, request);
    this.#live = [];
  }

  /** What is known of a request; it must be settled. */
  at(i: number): TracedRequest {
    const session = this.#session.at(i);
    return {
      labels: this.labels[this.#label.at(i)]!,
      arrivalUs: this.arrivalUs(i),
      deadlineUs: this.#deadlineUs.data[i]!,
      promptTokens: this.#promptTokens.data[i]!,
      prefixTokens: this.#prefixTokens.at(i),
      outputTokens: this.#outputTokens.data[i]!,
      sessionId: session < 0 ? "" : this.#sessions.list[session]!,
      round: this.#round.at(i),
      details: this.#details.get(i),
      state: this.#state.at(i) as RequestState,
      row: this.#row.data[i]!,
    };
  }

  /** True, and the request is taken down, if nothing happens to it any more. */
  #letGo({ index, request }: { readonly index: number; readonly request: Request }): boolean {
    const { state } = request;
    if (state !== RequestState.COMPLETED && state !== RequestState.TIMED_OUT) return false;
    this.#note(index, request);
    return true;
  }

  #note(index: number, { state, row }: Request): void {
    this.#state.set(index, state);
    this.#row.data[index] = row;
  }
}
