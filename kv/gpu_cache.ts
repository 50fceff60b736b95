import type { KvCache } from "../sim/kv_cache.ts";
import type { Request } from "../sim/request.ts";
import type { BlockIds } from "../sim/shared_content.ts";
import { IntMap } from "../sim/internal/int_map.ts";
import { BlockPool } from "./block_pool.ts";
import { ContentIds } from "./content_ids.ts";
import { FoundBlocks } from "./found_blocks.ts";
import { PrefixSignal } from "./prefix_signal.ts";

/**
 * Single-tier paged KV cache with prefix caching, as vLLM's block pool: full blocks are found by
 * content, freed blocks keep theirs until they are taken again from the head of the free list.
 * How full a request's last block is follows from token positions, so a decode that fills no block
 * costs nothing here.
 */
export class GpuCache implements KvCache {
  readonly blockSize: number;
  readonly pool: BlockPool;
  readonly ids: ContentIds;
  /** Content identity → the block that a look-up finds. */
  readonly index = new IntMap();
  /** What the last look-up found, until an allocation has used it. */
  found = new FoundBlocks();
  hits = 0;
  misses = 0;
  readonly thrashingRate = 0;
  readonly decodesTouchBlocksOnly = true;
  readonly reloads = false;
  /** Blocks that have content: where there are none, none is looked at. */
  #numRemembered = 0;
  readonly #spareTables: Int32Array[] = [];
  readonly #signal = new PrefixSignal();
  readonly #wasCached = (id: number, isCached: boolean) => this.#signal.wasCached(id, isCached);

  constructor(numBlocks: number, blockSize: number, allocator: BlockIds) {
    this.blockSize = blockSize;
    this.pool = new BlockPool(numBlocks);
    this.ids = new ContentIds(blockSize, allocator);
  }

  get numBlocks(): number {
    return this.pool.numBlocks;
  }

  get numFreeBlocks(): number {
    return this.pool.numFree;
  }

  get hitRate(): number {
    const total = this.hits + this.misses;
    return total === 0 ? 0 : this.hits / total;
  }

  findCachedPrefix(request: Request): number {
    const fullBlocks = Math.floor(request.promptTokens / this.blockSize);
    const { found } = this;
    found.reserve(fullBlocks);
    let count = 0;
    while (count < fullBlocks) {
      const id = this.ids.of(request, count);
      const block = id === 0 ? -1 : this.index.get(id);
      if (block < 0) break;
      found.blocks[count++] = block;
    }
    found.length = count;
    return count * this.blockSize;
  }

  allocatePrefill(request: Request, from: number, to: number): boolean {
    const spare = request.numBlocks > 0 ? this.#spareTokens(from) : 0;
    const need = Math.ceil(Math.max(0, to - from - spare) / this.blockSize);
    const fits = need + this.#numFoundFree() <= this.pool.numFree;
    if (fits && to > from) this.#storePrompt(request, { from, to, spare });
    this.found.length = 0;
    return fits;
  }

  allocateDecode(request: Request, position: number): boolean {
    const offset = position % this.blockSize;
    if (offset === 0) {
      if (this.pool.numFree === 0) return false;
      this.#append(request, this.takeBlock());
    }
    if (offset === this.blockSize - 1 && offset > 0) this.#fillLastBlock(request, position + 1);
    return true;
  }

  free(request: Request): void {
    const { blocks } = request;
    for (let i = request.numBlocks - 1; i >= 0; i--) this.pool.release(blocks[i]!);
    if (blocks.length > 0) this.#spareTables.push(blocks);
    request.blocks = NO_BLOCKS;
    request.numBlocks = 0;
  }

  preempt(request: Request, numTokens: number): void {
    if (request.privateIds === 0) this.#namePrompt(request, numTokens);
    this.free(request);
  }

  cachedBlocks(request: Request): number {
    return this.#countLeading(request, (_id, isCached) => isCached);
  }

  signalledBlocks(request: Request): number {
    return this.#countLeading(request, this.#wasCached);
  }

  refreshSignal(): void {
    this.#signal.refresh();
  }

  mirror(_running: readonly Request[]): void {}

  takeTransferUs(): number {
    return 0;
  }

  /** Adds `request` as a holder of the found blocks [from, to), each a hit. */
  claimFound(request: Request, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const block = this.found.blocks[i]!;
      this.pool.claim(block);
      this.#append(request, block);
    }
    this.hits += to - from;
  }

  /** Takes a block from the free list for one holder and forgets what it held. */
  takeBlock(): number {
    const block = this.pool.take();
    this.forget(block);
    this.misses++;
    return block;
  }

  /** Drops the content of a block. Its key goes even if it finds another block by now, as in the reference. */
  forget(block: number): void {
    if (this.#numRemembered === 0) return;
    const id = this.pool.content[block]!;
    if (id === 0) return;
    this.#numRemembered--;
    if (this.index.get(id) >= 0) this.#signal.note(id, true);
    this.index.delete(id);
    this.pool.content[block] = 0;
  }

  /** Makes a block findable by its content; of two with the same content the later is found. */
  remember(block: number, id: number): void {
    if (id === 0) return;
    if (this.index.get(id) < 0) this.#signal.note(id, false);
    if (this.pool.content[block] === 0) this.#numRemembered++;
    this.pool.content[block] = id;
    this.index.set(id, block);
  }

  /** Content of the block that `request` holds at `i`, 0 if there is none. */
  contentAt(request: Request, i: number): number {
    return i < 0 || i >= request.numBlocks ? 0 : this.pool.content[request.blocks[i]!]!;
  }

  /** Leading full blocks of the prompt for which `test` holds. */
  #countLeading(request: Request, test: (id: number, isCached: boolean) => boolean): number {
    const numBlocks = Math.floor(request.promptTokens / this.blockSize);
    let count = 0;
    while (count < numBlocks) {
      const id = this.ids.of(request, count);
      if (id === 0 || !test(id, this.index.get(id) >= 0)) break;
      count++;
    }
    return count;
  }

  /** Tokens that still fit into a last block whose next token is at `position`. */
  #spareTokens(position: number): number {
    const used = position % this.blockSize;
    return used === 0 ? 0 : this.blockSize - used;
  }

  #numFoundFree(): number {
    const { blocks, length } = this.found;
    let free = 0;
    for (let i = 0; i < length; i++) if (this.pool.isFree(blocks[i]!)) free++;
    return free;
  }

  /** Stores tokens [from, to); `spare` of them fit into the last block. */
  #storePrompt(
    request: Request,
    { from, to, spare }: { readonly from: number; readonly to: number; readonly spare: number },
  ): void {
    if (request.numBlocks === 0) this.claimFound(request, 0, this.found.length);
    let position = from;
    if (spare > 0) {
      position = Math.min(to, from + spare);
      if (position === from + spare) this.#fillLastBlock(request, position);
    }
    if (position < to) this.#openBlocks(request, position, to);
  }

  /** The last block of `request` became full; `end` is the position after it. */
  #fillLastBlock(request: Request, end: number): void {
    const last = request.numBlocks - 1;
    const i = end / this.blockSize - 1;
    const id = this.ids.after(this.contentAt(request, last - 1), request, i);
    this.remember(request.blocks[last]!, id);
  }

  #openBlocks(request: Request, from: number, to: number): void {
    const { blockSize } = this;
    let i = Math.floor(from / blockSize);
    let previous = this.contentAt(request, request.numBlocks - 1);
    for (let position = from; position < to; position += blockSize, i++) {
      const block = this.takeBlock();
      this.#append(request, block);
      if (position + blockSize > to) return;
      const id = this.ids.after(previous, request, i);
      this.remember(block, id);
      previous = id;
    }
  }

  /** Names the private prompt blocks of a request, so that it finds again what is left of them. */
  #namePrompt(request: Request, numTokens: number): void {
    this.ids.name(request);
    const { blockSize } = this;
    const skipped = Math.ceil(numTokens / blockSize) - request.numBlocks;
    const end = Math.floor(Math.min(numTokens, request.promptTokens) / blockSize);
    for (let i = skipped; i < end; i++) {
      const block = request.blocks[i - skipped]!;
      if (this.pool.content[block] === 0) this.remember(block, this.ids.of(request, i));
    }
  }

  #append(request: Request, block: number): void {
    if (request.numBlocks === request.blocks.length) this.#growTable(request);
    request.blocks[request.numBlocks++] = block;
  }

  #growTable(request: Request): void {
    const old = request.blocks;
    const spare = old.length === 0 ? this.#spareTables.pop() : undefined;
    if (spare !== undefined) {
      request.blocks = spare;
      return;
    }
    request.blocks = new Int32Array(Math.max(64, 2 * old.length));
    request.blocks.set(old);
  }
}

const NO_BLOCKS = new Int32Array(0);
