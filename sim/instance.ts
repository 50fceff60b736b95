import { Batcher, type StepLimits } from "./batch.ts";
import { shorten } from "./internal/shorten.ts";
import { TimeHeap } from "./internal/time_heap.ts";
import type { KvCache } from "./kv_cache.ts";
import type { LatencyModel } from "./latency_model.ts";
import { InstanceMetrics, type RequestTable } from "./metrics.ts";
import type { PreemptionPolicy } from "./preemption.ts";
import type { PriorityPolicy } from "./priorities/priority.ts";
import { ProgressGuard } from "./progress_guard.ts";
import { type Request, RequestState } from "./request.ts";
import { sortByRunOrder } from "./run_order.ts";
import { RunningBatch } from "./running_batch.ts";
import type { SchedulerDef } from "./schedulers/scheduler.ts";
import { TokenLatencies } from "./token_latencies.ts";
import { whyUnservable } from "./unservable.ts";
import { WaitingQueue } from "./waiting_queue.ts";

/** Settings and parts of one instance. */
export interface InstanceConfig extends StepLimits {
  /** Most tokens of prompt + output, 0 = unlimited. */
  readonly maxModelLen: number;
  /** Events after it do not happen; Infinity = no end. */
  readonly horizonUs: number;
  readonly scheduler: SchedulerDef;
  readonly priority: PriorityPolicy;
  readonly preemption: PreemptionPolicy;
  readonly latency: LatencyModel;
  readonly kv: KvCache;
  /** Where the results of its requests go. */
  readonly table: RequestTable;
  /** Told of each request that ends here, with the end of its last step or the time of the event. */
  readonly onFinished?: ((request: Request, atUs: number) => void) | undefined;
}

/**
 * One vLLM engine: waiting and running requests, and their steps. It knows no other instance: the
 * cluster injects requests and advances it when somebody looks at it.
 */
export class Instance {
  readonly metrics = new InstanceMetrics();
  readonly latencies = new TokenLatencies();
  readonly running: RunningBatch;
  readonly waiting: WaitingQueue;
  readonly kv: KvCache;
  /** Time of the last event that happened here. */
  nowUs = 0;
  /** Requests that were routed here. */
  numInjected = 0;
  readonly #config: InstanceConfig;
  readonly #batcher: Batcher;
  /** Requests between their arrival here and their place in the queue. */
  readonly #queueing = new TimeHeap<Request>();
  readonly #deadlines = new TimeHeap<Request>();
  readonly #due: Request[] = [];
  readonly #guard = new ProgressGuard();
  readonly #oldestDecodeStep: () => number;
  /** Time of the pending step, Infinity if none is pending. */
  #stepUs = Infinity;

  constructor(config: InstanceConfig) {
    this.#config = config;
    this.kv = config.kv;
    this.running = new RunningBatch(config.kv.blockSize);
    this.waiting = new WaitingQueue(config.scheduler.order);
    this.#batcher = new Batcher(config, {
      running: this.running,
      waiting: this.waiting,
      kv: config.kv,
      latencies: this.latencies,
      preemption: config.preemption,
    });
    this.#oldestDecodeStep = () => this.running.oldestDecodeStep();
  }

  /** Requests that were routed here and have not ended. */
  get numInFlight(): number {
    return this.numInjected - this.metrics.numEnded;
  }

  /** Time of the next event, Infinity if nothing is pending. */
  get nextEventUs(): number {
    const nextUs = Math.min(this.#queueing.nextUs, this.#stepUs);
    if (this.#deadlines.nextUs > nextUs) return nextUs;
    this.#dropEndedDeadlines();
    return Math.min(nextUs, this.#deadlines.nextUs);
  }

  /** Requests that were routed here and have not reached the queue. */
  get numArriving(): number {
    return this.#queueing.size;
  }

  /** Takes a request that was routed here at `atUs`; no later event may have been run. */
  inject(request: Request, atUs: number): void {
    this.numInjected++;
    if (atUs > this.#config.horizonUs) return;
    this.nowUs = Math.max(this.nowUs, atUs);
    this.#queueing.push(atUs + this.#config.latency.queueingUs(request.promptTokens), request);
  }

  /** Runs all events before `untilUs`, up to the horizon. */
  advance(untilUs: number): void {
    let atUs = this.nextEventUs;
    while (atUs < untilUs && this.#runEventAt(atUs)) atUs = this.nextEventUs;
  }

  /** Runs the next event; false if there is none up to the horizon. */
  advanceOne(): boolean {
    return this.#runEventAt(this.nextEventUs);
  }

  /** Runs the next event, whose time it is told. At equal times: queue, step, deadline. */
  #runEventAt(atUs: number): boolean {
    if (atUs > this.#config.horizonUs || atUs === Infinity) return false;
    this.nowUs = Math.max(this.nowUs, atUs);
    if (atUs === this.#queueing.nextUs) this.#enqueue(this.#queueing.pop(), atUs);
    else if (atUs === this.#stepUs) this.#step(atUs);
    else this.#expire(this.#deadlines.pop(), atUs);
    return true;
  }

  /** Ends the run: unfinished requests leave no inter-token latencies. */
  finish(): void {
    for (const request of this.running.requests) {
      if (this.running.isDecoding(request)) this.#cutOff(request);
    }
  }

  #enqueue(request: Request, nowUs: number): void {
    const { metrics } = this;
    const { maxModelLen } = this.#config;
    if (request.maxOutputTokens === 0 && request.promptTokens < maxModelLen) {
      request.maxOutputTokens = maxModelLen - request.promptTokens;
    }
    const unservable = whyUnservable(request, this.#config);
    if (unservable !== undefined) {
      metrics.drop(unservable);
      this.#config.table.drop(request.row);
      this.#config.onFinished?.(request, nowUs);
      return;
    }
    metrics.inputTokens += request.promptTokens;
    if (request.deadlineUs <= nowUs) return this.#timeOut(request, nowUs);
    request.priority = this.#config.priority.priorityOf(request);
    this.waiting.push(request);
    if (request.deadlineUs <= this.#config.horizonUs && request.deadlineUs !== Infinity) {
      this.#dropEndedDeadlines();
      this.#deadlines.push(request.deadlineUs, request);
    }
    if (this.#stepUs === Infinity) this.#stepUs = nowUs;
  }

  #step(nowUs: number): void {
    const { running, waiting, metrics } = this;
    if (running.size === 0 && waiting.length === 0) {
      this.#stepUs = Infinity;
      return;
    }
    this.#batcher.formStep();
    metrics.numPreemptions += this.#batcher.numPreempted;
    if (this.#batcher.numPreempted > 0) this.#guard.check(metrics);
    else if (running.size === 0 && this.#deadlines.size === 0) this.#guard.noteIdle(metrics);
    this.#noteAdmitted(nowUs);
    metrics.waitingSum += waiting.length;
    metrics.numSteps++;
    const duration = this.#config.latency.stepUs(running) + this.kv.takeTransferUs();
    const endUs = nowUs + Math.max(1, duration);
    this.#execute(nowUs, endUs);
    this.kv.mirror(running.requests);
    this.#complete(endUs);
    this.#stepUs = running.size > 0 || waiting.length > 0 ? endUs : Infinity;
  }

  #noteAdmitted(nowUs: number): void {
    const { prefills } = this.running;
    for (let i = prefills.length - this.#batcher.numAdmitted; i < prefills.length; i++) {
      const { row, arrivalUs } = prefills[i]!;
      this.#config.table.schedulingDelayUs.data[row] = nowUs - arrivalUs;
    }
  }

  #execute(nowUs: number, endUs: number): void {
    const { running } = this;
    const itlUs = endUs - nowUs + this.#config.latency.outputTokenUs;
    const numDecode = running.numDecode;
    running.advanceDecodes(endUs - nowUs);
    this.latencies.record(running.step, itlUs, numDecode, this.#oldestDecodeStep);
    const { prefills } = running;
    let kept = 0;
    for (let i = 0; i < prefills.length; i++) {
      const request = prefills[i]!;
      request.numComputedTokens = request.numAllocatedTokens;
      if (request.numComputedTokens < request.promptTokens) prefills[kept++] = request;
      else this.#produceFirstToken(request, endUs);
    }
    shorten(prefills, kept);
  }

  #produceFirstToken(request: Request, endUs: number): void {
    const { latency, maxModelLen, table } = this.#config;
    request.ttftUs = endUs + latency.outputTokenUs - request.arrivalUs;
    request.decodeFromUs = endUs;
    table.ttftUs.data[request.row] = request.ttftUs;
    const wanted = Math.max(request.outputTokens, 1) - 1;
    const allowed = maxModelLen > 0 ? maxModelLen - 1 - request.promptTokens : Infinity;
    request.lengthCapped = wanted > allowed;
    this.running.startDecode(request, Math.min(wanted, allowed));
  }

  /** Ends the requests that made their last token in the step that ends at `endUs`. */
  #complete(endUs: number): void {
    const due = this.#due;
    this.running.collectDue(due);
    if (due.length === 0) return;
    sortByRunOrder(due);
    for (let i = 0; i < due.length; i++) {
      const request = due[i]!;
      request.state = RequestState.COMPLETED;
      request.numComputedTokens = this.running.progress(request);
      if (request.outputTokens > 0 && !request.lengthCapped) this.#storeLastToken(request);
      this.kv.free(request);
      this.running.remove(request);
      this.#record(request, endUs);
      this.#config.onFinished?.(request, endUs);
    }
    shorten(due, 0);
    if (endUs <= this.#config.horizonUs) this.nowUs = Math.max(this.nowUs, endUs);
  }

  #storeLastToken(request: Request): void {
    if (!this.kv.allocateDecode(request, request.numComputedTokens)) {
      this.metrics.numKvAllocationFailures++;
    }
  }

  #record(request: Request, endUs: number): void {
    const { metrics } = this;
    const { latency, table } = this.#config;
    const { row, outputTokens } = request;
    const numDecoded = request.numComputedTokens - request.promptTokens;
    const decodeUs = this.#decodeUs(request, numDecoded, endUs);
    metrics.numCompleted++;
    metrics.outputTokens += Math.min(numDecoded + 1, outputTokens);
    if (request.lengthCapped) {
      metrics.numLengthCapped++;
      table.lengthCapped.add(row);
    }
    const numGaps = (request.lengthCapped ? numDecoded : outputTokens) - 1;
    table.itlUs.data[row] = outputTokens === 0 ? 0 : decodeUs / Math.max(numGaps, 1);
    table.e2eUs.data[row] = request.ttftUs + decodeUs +
      (outputTokens > 0 ? latency.postDecodeUs : 0);
  }

  /** Time that `numDecoded` tokens after the first took, the last of them at `endUs`. */
  #decodeUs({ decodeFromUs, stalledUs }: Request, numDecoded: number, endUs: number): number {
    return endUs - decodeFromUs - stalledUs + numDecoded * this.#config.latency.outputTokenUs;
  }

  /** A decode that will not complete leaves no inter-token latencies, but how far it came. */
  #cutOff(request: Request): void {
    this.latencies.takeBack(request, this.running.step + 1);
    const numDecoded = this.running.progress(request) - request.promptTokens;
    const decodeUs = this.#decodeUs(request, numDecoded, this.#stepUs);
    this.#config.table.cutDecodeUs.set(request.row, decodeUs);
  }

  /** A deadline has come; deadlines of requests that ended were dropped before. */
  #expire(request: Request, nowUs: number): void {
    const wasRunning = request.state === RequestState.RUNNING;
    if (wasRunning) {
      request.numComputedTokens = this.running.progress(request);
      if (this.running.isDecoding(request)) this.#cutOff(request);
      this.running.remove(request);
    } else this.waiting.remove(request);
    this.kv.free(request);
    // A step that is pending stays so, even if the batch is empty now: it fires at the end of the
    // step in flight, and until then nothing new starts.
    if (this.running.size === 0 && this.#stepUs === Infinity && this.waiting.length > 0) {
      this.#stepUs = nowUs;
    }
    this.#timeOut(request, nowUs);
  }

  #timeOut(request: Request, nowUs: number): void {
    request.state = RequestState.TIMED_OUT;
    this.metrics.numTimedOut++;
    this.#config.onFinished?.(request, nowUs);
  }

  /** Drops deadlines of requests that have ended, up to the first of one that has not. */
  #dropEndedDeadlines(): void {
    const deadlines = this.#deadlines;
    while (deadlines.size > 0 && deadlines.first.state === RequestState.COMPLETED) deadlines.pop();
  }
}
