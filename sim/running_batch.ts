import { shorten } from "./internal/shorten.ts";
import type { StepShape } from "./latency_model.ts";
import { type Request, RequestState } from "./request.ts";
import { StepWheel } from "./step_wheel.ts";

/** Slots of the wheel of completions; longer outputs wait for whole laps. */
const DUE_SLOTS = 256;

/**
 * The running requests of one instance in the order of their admission, kept so that a step costs
 * what changes. A decode makes one token a step: its progress follows from the step at which it
 * began, its completion and the steps in which it opens a KV block are filed in wheels. The batch
 * is also the shape of the step that is being formed.
 */
export class RunningBatch implements StepShape {
  readonly requests: Request[] = [];
  /** The requests whose prompt is not computed yet, in running order. */
  readonly prefills: Request[] = [];
  /** Number of the step being formed, from 1. */
  step = 0;
  /** Decodes, and the tokens they have: before the step while it is formed, then after it. */
  numDecodes = 0;
  contextTokens = 0;
  /** Decodes that got no token in this step. */
  readonly stalled: Request[] = [];
  /** Decodes whose output is content that others may look up: filling a block matters. */
  numSharedDecodes = 0;

  numPrefill = 0;
  prefillPast = new Float64Array(16);
  prefillNew = new Float64Array(16);
  prefillPrompt = new Float64Array(16);

  readonly #blockSize: number;
  readonly #due = new StepWheel(DUE_SLOTS, "duePosition");
  readonly #blocks: StepWheel;
  #admitted = 0;
  /** Number of the next step that will advance the decodes. */
  #clock = 1;

  constructor(blockSize: number) {
    this.#blockSize = blockSize;
    this.#blocks = new StepWheel(blockSize, "blockPosition");
  }

  get size(): number {
    return this.requests.length;
  }

  get numRequests(): number {
    return this.numPrefill + this.numDecode;
  }

  get numDecode(): number {
    return this.numDecodes - this.stalled.length;
  }

  get decodeContextTokens(): number {
    let tokens = this.contextTokens;
    const { stalled } = this;
    for (let i = 0; i < stalled.length; i++) tokens -= this.progress(stalled[i]!);
    return tokens;
  }

  decodeContexts(out: Float64Array): void {
    let count = 0;
    for (const request of this.requests) {
      if (this.isDecoding(request) && !this.stalled.includes(request)) {
        out[count++] = this.progress(request);
      }
    }
  }

  /** True if it made its first token in an earlier step. */
  isDecoding(request: Request): boolean {
    return request.decodeStep >= 0;
  }

  /** Tokens of `request` whose KV exists: before the step while it is formed, then after it. */
  progress(request: Request): number {
    return request.decodeStep < 0
      ? request.numComputedTokens
      : request.promptTokens + this.#clock - request.decodeStep;
  }

  /** Puts a request at the end of the running order; it starts to prefill. */
  admit(request: Request): void {
    request.state = RequestState.RUNNING;
    request.runOrder = this.#admitted++;
    this.requests.push(request);
    this.prefills.push(request);
  }

  /** Adds a granted prompt chunk to the shape of the step. */
  addPrefillChunk(request: Request): void {
    if (this.numPrefill === this.prefillNew.length) this.#growChunks();
    this.prefillPast[this.numPrefill] = request.numComputedTokens;
    this.prefillNew[this.numPrefill] = request.numScheduledTokens;
    this.prefillPrompt[this.numPrefill] = request.promptTokens;
    this.numPrefill++;
  }

  /** Begins the next step with an empty shape. */
  beginStep(): void {
    this.step++;
    this.numPrefill = 0;
    shorten(this.stalled, 0);
  }

  /** From the next step on `request` decodes; the caller takes it out of `prefills`. */
  startDecode(request: Request, numSteps: number): void {
    request.decodeStep = this.step + 1;
    request.dueStep = this.step + numSteps;
    this.numDecodes++;
    this.contextTokens += request.promptTokens;
    if (hasSharedOutput(request)) this.numSharedDecodes++;
    this.#file(request);
  }

  /** Ends a step: each decode that was not stalled has one token more. */
  advanceDecodes(durationUs: number): void {
    this.#clock = this.step + 1;
    const { stalled } = this;
    this.contextTokens += this.numDecodes - stalled.length;
    for (let i = 0; i < stalled.length; i++) {
      const request = stalled[i]!;
      this.#unfile(request);
      request.decodeStep++;
      request.dueStep++;
      request.stalledUs += durationUs;
      (request.stalledSteps ??= []).push(this.step);
      this.#file(request);
    }
  }

  /** Decodes that open a KV block in this step, in no particular order. */
  get openingBlocks(): readonly Request[] {
    return this.#blocks.slot(this.step);
  }

  /** Decodes that fill a KV block in this step, in no particular order; with blocks of one token, those that open it. */
  get fillingBlocks(): readonly Request[] {
    return this.#blocks.slot(this.step + 1);
  }

  /** Appends the decodes that complete at the end of this step. */
  collectDue(out: Request[]): void {
    const filed = this.#due.slot(this.step);
    for (let i = 0; i < filed.length; i++) {
      const request = filed[i]!;
      if (request.dueStep === this.step) out.push(request);
    }
  }

  /** First step of the oldest running decode; the step being formed if there is none. */
  oldestDecodeStep(): number {
    let oldest = this.step;
    for (const request of this.requests) {
      if (request.decodeStep >= 0) {
        const stalls = request.stalledSteps?.length ?? 0;
        oldest = Math.min(oldest, request.decodeStep - stalls);
      }
    }
    return oldest;
  }

  /** Takes a request out of the batch; its progress is lost with its place. */
  remove(request: Request): void {
    removeOrdered(this.requests, request);
    if (request.decodeStep < 0) removeOrdered(this.prefills, request);
    else this.#removeDecode(request);
    request.runOrder = -1;
  }

  #removeDecode(request: Request): void {
    this.#unfile(request);
    this.numDecodes--;
    this.contextTokens -= this.progress(request);
    if (hasSharedOutput(request)) this.numSharedDecodes--;
  }

  #file(request: Request): void {
    this.#due.add(request, request.dueStep);
    this.#blocks.add(request, this.#openingStep(request));
  }

  #unfile(request: Request): void {
    this.#due.remove(request, request.dueStep);
    this.#blocks.remove(request, this.#openingStep(request));
  }

  /** A step at which its progress is a multiple of the block size, at or after its first one. */
  #openingStep(request: Request): number {
    const used = request.promptTokens % this.#blockSize;
    return request.decodeStep + (used === 0 ? 0 : this.#blockSize - used);
  }

  #growChunks(): void {
    this.prefillPast = doubled(this.prefillPast);
    this.prefillNew = doubled(this.prefillNew);
    this.prefillPrompt = doubled(this.prefillPrompt);
  }
}

/** True if others may look up blocks that hold its output. */
function hasSharedOutput(request: Request): boolean {
  return request.sharedTokens > request.promptTokens || request.blockIds !== undefined;
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}

/** Removes a request from a list in running order. */
function removeOrdered(list: Request[], request: Request): void {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.runOrder < request.runOrder) low = middle + 1;
    else high = middle;
  }
  // Not splice, which allocates the list of what it removes.
  for (let i = low + 1; i < list.length; i++) list[i - 1] = list[i]!;
  list.pop();
}
