import { Request, RequestState } from "../../sim/request.ts";
import type { RequestSource } from "../../sim/request_source.ts";
import { TimeHeap } from "../../sim/internal/time_heap.ts";
import type { Answer } from "./answer.ts";
import type { World } from "./world.ts";

/** Who sends the requests when they are due; `T` is a request made ready. */
export interface Sender<T> {
  /** Called ahead of time. */
  prepare(request: Request): T;
  /** Rejects only if the whole run is to end. */
  send(prepared: T): Promise<Answer>;
}

/** A request with its answer. */
export interface Exchange<T> {
  /** Place in the order of sending, from 0. */
  readonly index: number;
  readonly request: Request;
  readonly prepared: T;
  readonly answer: Answer;
}

/** What bounds a dispatcher. */
export interface DispatchOptions {
  /** The most requests that are on their way at once. */
  readonly maxInFlight: number;
  /** Once aborted, nothing is sent any more. */
  readonly stop: AbortSignal;
}

/** A request that waits for its time. */
interface Due<T> {
  readonly request: Request;
  readonly prepared: T;
}

/**
 * Sends the requests of a workload when they are due, and the follow-ups that answers bring. A
 * request that finds too many on their way waits, and the later ones wait behind it.
 */
export class Dispatcher<T> {
  /** Requests that had to wait for others to end. */
  numHeldBack = 0;
  /** Unix time in µs at which the workload starts; set when it runs. */
  startUs = 0;
  readonly #source: RequestSource;
  readonly #sender: Sender<T>;
  readonly #options: DispatchOptions;
  readonly #world: World;
  readonly #followUps = new TimeHeap<Due<T>>();
  #head: Due<T> | undefined;
  #numSent = 0;
  #numInFlight = 0;
  #wake = () => {};
  /** What made the run end early. */
  #failure: { readonly error: unknown } | undefined;

  constructor(
    source: RequestSource,
    sender: Sender<T>,
    options: DispatchOptions,
    world: World,
  ) {
    this.#source = source;
    this.#sender = sender;
    this.#options = options;
    this.#world = world;
  }

  /**
   * Sends all requests; resolves when the last one has ended, or the last one on its way after a
   * stop. `onEnd` gets each as it ends. Throws what the sender throws.
   */
  async run(onEnd: (exchange: Exchange<T>) => void): Promise<void> {
    const { maxInFlight, stop } = this.#options;
    const onStop = () => this.#wake();
    stop.addEventListener("abort", onStop);
    this.startUs = this.#world.nowUs();
    this.#head = this.#next();
    let isHeldBack = false;
    while (this.#numInFlight > 0 || this.#hasMore()) {
      const waitUs = this.#hasMore() ? this.#nextUs - this.#elapsedUs() : Infinity;
      if (waitUs > 0) {
        await this.#wait(waitUs);
      } else if (this.#numInFlight === maxInFlight) {
        isHeldBack = true;
        await this.#wait(Infinity);
      } else {
        if (isHeldBack) this.numHeldBack++;
        isHeldBack = false;
        void this.#dispatch(this.#take(), onEnd);
        // Many may be due at once: let answers be read between them.
        await this.#wait(0);
      }
    }
    stop.removeEventListener("abort", onStop);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Arrival of the next request. */
  get #nextUs(): number {
    return Math.min(this.#head?.request.arrivalUs ?? Infinity, this.#followUps.nextUs);
  }

  #hasMore(): boolean {
    const isOver = this.#options.stop.aborted || this.#failure !== undefined;
    return !isOver && this.#nextUs < Infinity;
  }

  #elapsedUs(): number {
    return this.#world.nowUs() - this.startUs;
  }

  #take(): Due<T> {
    const head = this.#head;
    if (head === undefined || this.#followUps.nextUs <= head.request.arrivalUs) {
      return this.#followUps.pop();
    }
    this.#head = this.#next();
    return head;
  }

  #next(): Due<T> | undefined {
    try {
      const request = this.#source.next();
      return request && { request, prepared: this.#sender.prepare(request) };
    } catch (error) {
      // Not at once, since requests are on their way.
      this.#failure ??= { error };
      return undefined;
    }
  }

  /** Waits for a time or for the end of a request, whichever comes first. */
  #wait(us: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#world.after(us / 1000, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  async #dispatch(
    { request, prepared }: Due<T>,
    onEnd: (exchange: Exchange<T>) => void,
  ): Promise<void> {
    const index = this.#numSent++;
    this.#numInFlight++;
    try {
      const answer = await this.#sender.send(prepared);
      onEnd({ index, request, prepared, answer });
      this.#addFollowUps(request, answer);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#numInFlight--;
    this.#wake();
  }

  #addFollowUps(request: Request, answer: Answer): void {
    if (this.#source.onFinished === undefined || request.sessionId === "") return;
    const ended = answered(request, answer);
    for (const followUp of this.#source.onFinished(ended, this.#elapsedUs())) {
      const prepared = this.#sender.prepare(followUp);
      this.#followUps.push(followUp.arrivalUs, { request: followUp, prepared });
    }
  }
}

/**
 * The request as its session sees it: with the output that the server counted, for which the ids
 * 1, 2, 3 … stand, or as one that failed.
 */
function answered(request: Request, { status, outputTokens }: Answer): Request {
  const { promptTokens, tokens } = request;
  const total = promptTokens + outputTokens;
  const ids = Int32Array.from({ length: total }, (_, i) => i - promptTokens + 1);
  if (tokens !== undefined) ids.set(tokens.subarray(0, promptTokens));
  const ended = new Request({ ...request, outputTokens, tokens: tokens && ids });
  ended.state = status === "ok" ? RequestState.COMPLETED : RequestState.TIMED_OUT;
  ended.numComputedTokens = total;
  return ended;
}
