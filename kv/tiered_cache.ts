import type { KvCache } from "../sim/kv_cache.ts";
import type { Request } from "../sim/request.ts";
import type { BlockIds } from "../sim/shared_content.ts";
import { CpuTier } from "./cpu_tier.ts";
import { FoundBlocks } from "./found_blocks.ts";
import { GpuCache } from "./gpu_cache.ts";
import { Mirror } from "./mirror.ts";

/** What a two-tier cache is made of. */
export interface TierConfig {
  /** Blocks on the GPU. */
  readonly numBlocks: number;
  /** Tokens of a block. */
  readonly blockSize: number;
  /** Blocks in CPU memory, > 0. */
  readonly cpuBlocks: number;
  /** Tokens per µs from CPU to GPU. */
  readonly transferBandwidth: number;
  /** µs that each reloaded block takes in addition. */
  readonly transferBaseLatencyUs: number;
}

/**
 * A GPU cache whose full blocks are mirrored to CPU memory after each step; prompts that were lost
 * on the GPU are reloaded from there when their request allocates. As the reference does it: a
 * reload takes blocks from the free list without sparing those that the request is about to claim.
 */
export class TieredCache implements KvCache {
  readonly blockSize: number;
  readonly reloads = true;
  readonly gpu: GpuCache;
  readonly cpu: CpuTier;
  /** Blocks that were reloaded. */
  cpuHits = 0;
  /** Failed allocations for which nothing could be reloaded. */
  cpuMisses = 0;
  /** µs of the reloads that no step was charged for yet. */
  pendingUs = 0;
  readonly #mirror: Mirror;
  readonly #reloadUs: number;
  #otherFound = new FoundBlocks();
  /** Requests whose blocks are shifted, or that hold fewer than their prompt fills: decodes may reload. */
  readonly #irregular = new Set<Request>();

  constructor(config: TierConfig, allocator: BlockIds) {
    const { blockSize, transferBandwidth, transferBaseLatencyUs } = config;
    this.blockSize = blockSize;
    this.gpu = new GpuCache(config.numBlocks, blockSize, allocator);
    this.cpu = new CpuTier(config.cpuBlocks);
    this.#mirror = new Mirror(this.gpu.pool, this.cpu);
    this.#reloadUs = transferBaseLatencyUs + Math.ceil(blockSize / transferBandwidth);
  }

  get numBlocks(): number {
    return this.gpu.numBlocks;
  }

  get numFreeBlocks(): number {
    return this.gpu.numFreeBlocks;
  }

  get decodesTouchBlocksOnly(): boolean {
    return this.#irregular.size === 0;
  }

  get hitRate(): number {
    const { hits, misses } = this.gpu;
    const total = hits + misses + this.cpuMisses;
    return total === 0 ? 0 : hits / total;
  }

  get thrashingRate(): number {
    const { numStored, numEvicted } = this.cpu;
    return numStored === 0 ? 0 : numEvicted / numStored;
  }

  findCachedPrefix(request: Request): number {
    return this.gpu.findCachedPrefix(request);
  }

  allocatePrefill(request: Request, from: number, to: number): boolean {
    this.gpu.ids.nameAll(request);
    const fits = this.#reload(request) > 0
      ? this.#allocateReloaded(request, from, to)
      : this.#countMiss(this.#allocateOnGpu(request, from, to));
    if (!fits) return false;
    this.#noteRegularity(request, to);
    this.#mirror.noteFull(request);
    return true;
  }

  allocateDecode(request: Request, position: number): boolean {
    const isIrregular = this.#irregular.size > 0 && this.#irregular.has(request);
    const numReloaded = isIrregular ? this.#reload(request) : 0;
    const shifted = isIrregular ? position - this.gpu.ids.shiftOf(request) : position;
    const fits = this.gpu.allocateDecode(request, shifted);
    if ((shifted + 1) % this.blockSize === 0) this.#mirror.noteFull(request);
    return numReloaded > 0 ? fits : this.#countMiss(fits);
  }

  free(request: Request): void {
    this.#mirror.forget(request);
    this.#irregular.delete(request);
    this.gpu.ids.shifts.delete(request);
    this.gpu.free(request);
  }

  preempt(request: Request): void {
    this.free(request);
  }

  cachedBlocks(request: Request): number {
    return this.gpu.cachedBlocks(request);
  }

  signalledBlocks(request: Request): number {
    return this.gpu.signalledBlocks(request);
  }

  refreshSignal(): void {
    this.gpu.refreshSignal();
  }

  mirror(running: readonly Request[]): void {
    this.#mirror.update(running);
  }

  takeTransferUs(): number {
    const us = this.pendingUs;
    this.pendingUs = 0;
    return us;
  }

  /**
   * Reloads the prompt blocks that follow those found or held, up to the first that neither tier
   * has; each takes the place of the least recently used block. Returns how many.
   */
  #reload(request: Request): number {
    const { found, pool, ids, index } = this.gpu;
    const limit = pool.numFree;
    if (limit === 0) return 0;
    const fullBlocks = Math.floor(request.promptTokens / this.blockSize);
    let i = Math.max(found.length, request.numBlocks);
    let previous = i > found.length
      ? this.gpu.contentAt(request, i - 1)
      : i > 0
      ? pool.content[found.blocks[i - 1]!]!
      : 0;
    const before = this.cpuHits;
    for (; i < fullBlocks; i++) {
      const id = ids.known(previous, request, i);
      if (id === 0) break;
      if (index.get(id) < 0) {
        if (this.cpuHits - before === limit || !this.cpu.has(id)) break;
        this.#reloadBlock(id);
      }
      previous = id;
    }
    return this.cpuHits - before;
  }

  #reloadBlock(id: number): void {
    const { gpu } = this;
    const block = gpu.pool.popFree();
    gpu.forget(block);
    gpu.remember(block, id);
    gpu.pool.pushFree(block);
    this.cpu.use(id, id + 1);
    this.cpuHits++;
    this.pendingUs += this.#reloadUs;
  }

  /** Allocates tokens [from, to) after a reload: what it made available is claimed without a check. */
  #allocateReloaded(request: Request, from: number, to: number): boolean {
    const { gpu } = this;
    this.#swapFound();
    const cached = gpu.findCachedPrefix(request);
    if (cached <= from) {
      this.#swapFound();
      return this.#allocateOnGpu(request, from, to);
    }
    const shift = gpu.ids.shiftOf(request);
    const reached = Math.min(cached, to);
    const first = request.numBlocks === 0 ? 0 : Math.ceil(from / this.blockSize);
    const end = Math.ceil(reached / this.blockSize);
    if (first < end) gpu.claimFound(request, first, end);
    this.#setShift(request, first < end ? reached : shift + reached - from);
    if (reached === to) {
      gpu.found.length = 0;
      return true;
    }
    const fits = this.#allocateOnGpu(request, reached, to);
    if (!fits) this.#setShift(request, first < end ? from : shift);
    return fits;
  }

  #swapFound(): void {
    const { found } = this.gpu;
    this.gpu.found = this.#otherFound;
    this.#otherFound = found;
  }

  #allocateOnGpu(request: Request, from: number, to: number): boolean {
    const shift = this.gpu.ids.shiftOf(request);
    return this.gpu.allocatePrefill(request, from - shift, to - shift);
  }

  #countMiss(fits: boolean): boolean {
    if (!fits) this.cpuMisses++;
    return fits;
  }

  /** Claimed blocks are full although the prompt may go on in the middle of the last one. */
  #setShift(request: Request, tokens: number): void {
    const { shifts } = this.gpu.ids;
    const shift = tokens % this.blockSize;
    if (shift > 0) shifts.set(request, shift);
    else if (shifts.size > 0) shifts.delete(request);
  }

  #noteRegularity(request: Request, numTokens: number): void {
    const isIrregular = request.numBlocks < Math.floor(numTokens / this.blockSize) ||
      this.gpu.ids.shiftOf(request) > 0;
    if (isIrregular) this.#irregular.add(request);
    else if (this.#irregular.size > 0) this.#irregular.delete(request);
  }
}
