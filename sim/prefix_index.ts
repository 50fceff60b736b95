import { IntMap } from "./internal/int_map.ts";
import type { Request } from "./request.ts";
import { sharedBlockId } from "./shared_block.ts";

/**
 * The router's own guess of what one instance has cached: the blocks of the prompts that it sent
 * there, least recently used ones forgotten first. A linked list over typed arrays: a Map used as
 * LRU walks over the tombstones of what it deleted.
 */
export class PrefixIndex {
  readonly #capacity: number;
  readonly #slots = new IntMap();
  /** Block of each slot, 0 = a private block, which takes a place but is never looked up. */
  readonly #blocks: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  #size = 0;

  /** Holds up to `capacity` blocks. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#blocks = new Int32Array(capacity + 1);
    this.#next = new Int32Array(capacity + 1);
    this.#previous = new Int32Array(capacity + 1);
  }

  /** Leading blocks of the prompt that were sent here; stops at the first that was not. */
  match(request: Request, blockSize: number): number {
    const numBlocks = Math.floor(request.promptTokens / blockSize);
    let count = 0;
    while (count < numBlocks) {
      const block = sharedBlockId(request, count, blockSize);
      if (block === 0 || this.#slots.get(block) < 0) break;
      count++;
    }
    return count;
  }

  /** Takes note that the prompt was sent here. */
  record(request: Request, blockSize: number): void {
    const numBlocks = Math.floor(request.promptTokens / blockSize);
    for (let i = 0; i < numBlocks; i++) this.#use(sharedBlockId(request, i, blockSize));
  }

  #use(block: number): void {
    let slot = block === 0 ? -1 : this.#slots.get(block);
    if (slot >= 0) this.#unlink(slot);
    else {
      slot = this.#size < this.#capacity ? ++this.#size : this.#evict();
      this.#blocks[slot] = block;
      if (block !== 0) this.#slots.set(block, slot);
    }
    this.#append(slot);
  }

  /** Frees the slot of the least recently used block. */
  #evict(): number {
    const slot = this.#next[ENDS]!;
    this.#unlink(slot);
    if (this.#blocks[slot] !== 0) this.#slots.delete(this.#blocks[slot]!);
    return slot;
  }

  #append(slot: number): void {
    const last = this.#previous[ENDS]!;
    this.#next[last] = slot;
    this.#previous[slot] = last;
    this.#next[slot] = ENDS;
    this.#previous[ENDS] = slot;
  }

  #unlink(slot: number): void {
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }
}

/** Slot 0 closes the ring: after it comes the least, before it the most recently used. */
const ENDS = 0;
