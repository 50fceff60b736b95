import { shorten } from "./internal/shorten.ts";
import type { KvCache } from "./kv_cache.ts";
import type { PreemptionPolicy } from "./preemption.ts";
import type { Request } from "./request.ts";
import { sortByRunOrder } from "./run_order.ts";
import type { RunningBatch } from "./running_batch.ts";
import type { TokenLatencies } from "./token_latencies.ts";
import type { WaitingQueue } from "./waiting_queue.ts";

/** What bounds a step; vLLM's names. */
export interface StepLimits {
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  /** Most prompt tokens that a request gets in one step; 0 = no limit of its own. */
  readonly longPrefillTokenThreshold: number;
}

/** What the batcher works on; all of one instance. */
export interface BatchParts {
  readonly running: RunningBatch;
  readonly waiting: WaitingQueue;
  readonly kv: KvCache;
  readonly latencies: TokenLatencies;
  readonly preemption: PreemptionPolicy;
}

/** Returned by `#acquire` when the request preempted itself. */
const EVICTED = -1;

/**
 * Forms the steps of one instance: running requests first, then waiting ones, within the token
 * budget. Where no request would be preempted or cut short, only those that need KV blocks are
 * looked at; else the running list is walked as vLLM does.
 */
export class Batcher {
  /** Requests that entered the batch in this step: the last ones of its prefills. */
  numAdmitted = 0;
  /** Preemptions of this step; a request may count twice. */
  numPreempted = 0;
  readonly #limits: StepLimits;
  readonly #parts: BatchParts;
  readonly #touched: Request[] = [];
  #budget = 0;

  constructor(limits: StepLimits, parts: BatchParts) {
    this.#limits = limits;
    this.#parts = parts;
  }

  /** Forms the next step in the running batch, its shape included. */
  formStep(): void {
    const { running } = this.#parts;
    const { prefills } = running;
    running.beginStep();
    this.numAdmitted = 0;
    this.numPreempted = 0;
    this.#budget = this.#limits.maxNumBatchedTokens;
    for (let i = 0; i < prefills.length; i++) prefills[i]!.numScheduledTokens = 0;
    if (this.#canContinueAll()) this.#continueAll();
    else this.#walkRunning();
    if (this.numPreempted === 0) this.#admitWaiting();
    for (let i = 0; i < prefills.length; i++) {
      const request = prefills[i]!;
      if (request.numScheduledTokens > 0) running.addPrefillChunk(request);
    }
  }

  /** True if budget and free blocks surely suffice for every running request, in whatever order. */
  #canContinueAll(): boolean {
    const { running, kv } = this.#parts;
    const { prefills, openingBlocks } = running;
    let tokens = running.numDecodes;
    if (tokens > this.#budget || (tokens > 0 && !kv.decodesTouchBlocksOnly)) return false;
    if (prefills.length > 0 && kv.reloads) return false;
    let blocks = openingBlocks.length;
    for (let i = 0; i < prefills.length; i++) {
      const chunk = this.#prefillChunk(prefills[i]!, Infinity);
      tokens += chunk;
      blocks += Math.ceil(chunk / kv.blockSize);
    }
    if (blocks > kv.numFreeBlocks) return false;
    return tokens <= this.#budget || this.#decodesComeFirst();
  }

  #decodesComeFirst(): boolean {
    const { requests, prefills } = this.#parts.running;
    return prefills[0] === requests[requests.length - prefills.length];
  }

  #continueAll(): void {
    const { running, kv } = this.#parts;
    this.#budget -= running.numDecodes;
    if (running.prefills.length === 0 && running.numSharedDecodes === 0) {
      // Which of them opens its block first makes no difference.
      const { openingBlocks } = running;
      for (let i = 0; i < openingBlocks.length; i++) {
        const request = openingBlocks[i]!;
        kv.allocateDecode(request, running.progress(request));
      }
    } else this.#continueInOrder();
  }

  /** Continues prompts and decodes whose blocks others may look up: of two blocks with equal content the later is found. */
  #continueInOrder(): void {
    const { running, kv } = this.#parts;
    const touched = this.#touched;
    append(touched, running.openingBlocks);
    if (running.numSharedDecodes > 0 && kv.blockSize > 1) append(touched, running.fillingBlocks);
    append(touched, running.prefills);
    sortByRunOrder(touched);
    for (let i = 0; i < touched.length; i++) {
      const request = touched[i]!;
      if (running.isDecoding(request)) kv.allocateDecode(request, running.progress(request));
      else if (this.#budget > 0) this.#grantPrefill(request, this.#prefillChunk(request));
    }
    shorten(touched, 0);
  }

  /** Phase 1 of vLLM's scheduler, request by request, with preemption. */
  #walkRunning(): void {
    const { requests } = this.#parts.running;
    for (let i = 0; i < requests.length; i++) requests[i]!.numScheduledTokens = 0;
    for (let i = 0; i < requests.length && this.#budget > 0; i++) {
      const request = requests[i]!;
      const shift = this.#acquire(request, i);
      if (shift === EVICTED) break;
      i -= shift;
    }
    this.#collectStalled();
  }

  /**
   * Grants `request`, at index `i`, its tokens, preempting until their blocks fit. Returns how many
   * requests before it were preempted, or EVICTED.
   */
  #acquire(request: Request, i: number): number {
    const { running, preemption } = this.#parts;
    let shift = 0;
    while (!this.#grant(request)) {
      const victimIndex = preemption.victim(running.requests);
      const victim = running.requests[victimIndex]!;
      if (victimIndex < i - shift) shift++;
      this.#preempt(victim);
      if (victim === request) return EVICTED;
    }
    return shift;
  }

  #grant(request: Request): boolean {
    const { running, kv } = this.#parts;
    if (!running.isDecoding(request)) {
      return this.#grantPrefill(request, this.#prefillChunk(request));
    }
    if (!kv.allocateDecode(request, running.progress(request))) return false;
    request.numScheduledTokens = 1;
    this.#budget--;
    return true;
  }

  #grantPrefill(request: Request, chunk: number): boolean {
    const from = request.numComputedTokens;
    if (!this.#parts.kv.allocatePrefill(request, from, from + chunk)) return false;
    request.numScheduledTokens = chunk;
    request.numAllocatedTokens = from + chunk;
    this.#budget -= chunk;
    return true;
  }

  #preempt(request: Request): void {
    const { running, waiting, kv, latencies } = this.#parts;
    this.numPreempted++;
    this.#budget += request.numScheduledTokens;
    if (running.isDecoding(request)) {
      latencies.takeBack(request, running.step);
      kv.preempt(request, running.progress(request) + request.numScheduledTokens);
    } else kv.preempt(request, request.numAllocatedTokens);
    running.remove(request);
    request.reset();
    waiting.pushPreempted(request);
  }

  /** Decodes that the walk did not reach or could not serve. */
  #collectStalled(): void {
    const { running } = this.#parts;
    const { requests, stalled } = running;
    for (let i = 0; i < requests.length; i++) {
      const request = requests[i]!;
      if (running.isDecoding(request) && request.numScheduledTokens === 0) stalled.push(request);
    }
  }

  /** Phase 2: waiting requests enter in order, until one does not fit. */
  #admitWaiting(): void {
    const { running, waiting, kv } = this.#parts;
    while (running.size < this.#limits.maxNumSeqs && waiting.length > 0 && this.#budget > 0) {
      const request = waiting.first;
      const cached = kv.findCachedPrefix(request);
      const chunk = this.#chunk(request.promptTokens - cached, this.#budget);
      if (!kv.allocatePrefill(request, cached, cached + chunk)) return;
      waiting.shift();
      request.numScheduledTokens = chunk;
      request.numAllocatedTokens = cached + chunk;
      running.admit(request);
      this.#budget -= chunk;
      this.numAdmitted++;
    }
  }

  #prefillChunk(request: Request, budget = this.#budget): number {
    return this.#chunk(request.promptTokens - request.numComputedTokens, budget);
  }

  #chunk(missing: number, budget: number): number {
    const threshold = this.#limits.longPrefillTokenThreshold;
    const wanted = threshold > 0 && threshold < missing ? threshold : missing;
    return Math.min(wanted, budget);
  }
}

function append(list: Request[], others: readonly Request[]): void {
  for (let i = 0; i < others.length; i++) list.push(others[i]!);
}
