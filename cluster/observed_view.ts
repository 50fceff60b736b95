import type { Instance } from "../sim/instance.ts";
import type { Request } from "../sim/request.ts";
import type { RouterView, Signal } from "../sim/router_view.ts";

/** Ages in µs up to which what the router sees may be old; 0 = always current. */
export interface SignalAges {
  readonly snapshotRefreshIntervalUs: number;
  readonly cacheSignalDelayUs: number;
}

/**
 * What the router sees of the instances, refreshed when somebody looks and it is due: snapshots and
 * cache signals age, in-flight counts do not. Nothing is copied but small columns: a stale cache is
 * "what it held at the last refresh", which the caches themselves can tell. An instance is advanced
 * just before it is looked at, unless nothing can have happened there, and what no policy reads is
 * never refreshed.
 */
export class ObservedView implements RouterView {
  nowUs = 0;
  size = 0;
  readonly queueDepth: Float64Array;
  readonly batchSize: Float64Array;
  readonly kvUtilization: Float64Array;
  readonly freeBlocks: Float64Array;
  readonly inFlight: Float64Array;
  readonly #instances: readonly Instance[];
  readonly #ages: SignalAges;
  readonly #reads: ReadonlySet<Signal>;
  /** Nothing happened at an instance before this time, in µs, since it was last advanced here. */
  readonly #quietUntilUs: Float64Array;
  /** 1 if an instance may differ from its snapshot. */
  readonly #hasChanged: Uint8Array;
  #snapshotUs = 0;
  #cacheUs = 0;

  /** `reads`: all that admission, routing and traces read. */
  constructor(instances: readonly Instance[], ages: SignalAges, reads: ReadonlySet<Signal>) {
    const column = () => new Float64Array(instances.length);
    this.queueDepth = column();
    this.batchSize = column();
    this.kvUtilization = column();
    this.freeBlocks = column();
    this.inFlight = column();
    this.#quietUntilUs = column().fill(Infinity);
    this.#hasChanged = new Uint8Array(instances.length).fill(1);
    this.#instances = instances;
    this.#ages = ages;
    this.#reads = reads;
  }

  /**
   * Refreshes what is due for a decision at `nowUs`, about a request that all instances serve or,
   * since it names another model, none: it sees none, and only the cache signals are refreshed.
   */
  look(nowUs: number, isServed: boolean): void {
    this.nowUs = nowUs;
    this.size = isServed ? this.#instances.length : 0;
    if (this.#reads.has("cache")) this.#lookAtCaches();
    if (!isServed) return;
    if (this.#reads.has("snapshot")) this.#lookAtQueues();
    if (this.#reads.has("in-flight")) this.#advanceAll();
  }

  /** Takes note that instance `i` got a request. */
  noteInjected(i: number): void {
    const { nextEventUs, numInFlight } = this.#instances[i]!;
    this.#quietUntilUs[i] = Math.min(this.#quietUntilUs[i]!, nextEventUs);
    this.inFlight[i] = numInFlight;
  }

  load(i: number): number {
    return this.queueDepth[i]! + this.batchSize[i]! + this.inFlight[i]!;
  }

  cachedBlocks(request: Request, out: Float64Array): void {
    const isLive = this.#ages.cacheSignalDelayUs === 0;
    for (let i = 0; i < this.size; i++) {
      const { kv } = this.#instances[i]!;
      out[i] = isLive ? kv.cachedBlocks(request) : kv.signalledBlocks(request);
    }
  }

  #lookAtCaches(): void {
    const { cacheSignalDelayUs } = this.#ages;
    if (this.nowUs - this.#cacheUs < cacheSignalDelayUs) return;
    this.#cacheUs = this.nowUs;
    this.#advanceAll();
    if (cacheSignalDelayUs > 0) {
      for (const { kv } of this.#instances) kv.refreshSignal();
    }
  }

  #lookAtQueues(): void {
    const { snapshotRefreshIntervalUs } = this.#ages;
    if (this.nowUs - this.#snapshotUs < snapshotRefreshIntervalUs) return;
    this.#snapshotUs = this.nowUs;
    this.#advanceAll();
    for (let i = 0; i < this.size; i++) {
      if (this.#hasChanged[i] === 0) continue;
      this.#hasChanged[i] = 0;
      const { kv, waiting, running } = this.#instances[i]!;
      this.queueDepth[i] = waiting.length;
      this.batchSize[i] = running.size;
      this.kvUtilization[i] = (kv.numBlocks - kv.numFreeBlocks) / kv.numBlocks;
      this.freeBlocks[i] = kv.numFreeBlocks;
    }
  }

  #advanceAll(): void {
    const { nowUs, inFlight } = this;
    const quietUntilUs = this.#quietUntilUs;
    for (let i = 0; i < quietUntilUs.length; i++) {
      if (quietUntilUs[i]! >= nowUs) continue;
      const instance = this.#instances[i]!;
      instance.advance(nowUs);
      quietUntilUs[i] = instance.nextEventUs;
      inFlight[i] = instance.numInFlight;
      this.#hasChanged[i] = 1;
    }
  }
}
