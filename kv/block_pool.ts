/** End of the free list, and "no neighbour". */
const NONE = -1;

/**
 * The blocks of one cache: a free list in least-recently-used order and a reference count each.
 * A block may keep its content while it is free; who takes it from the head overwrites it.
 */
export class BlockPool {
  readonly numBlocks: number;
  numFree: number;
  /** Content identity of each block, 0 = none. */
  readonly content: Int32Array;
  readonly #references: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  #head = NONE;
  #tail = NONE;
  /** Blocks from here on were never used: they precede the linked ones in the free list. */
  #fresh = 0;

  constructor(numBlocks: number) {
    this.numBlocks = numBlocks;
    this.numFree = numBlocks;
    this.content = new Int32Array(numBlocks);
    this.#references = new Int32Array(numBlocks);
    this.#next = new Int32Array(numBlocks);
    this.#previous = new Int32Array(numBlocks);
  }

  isFree(block: number): boolean {
    return this.#references[block] === 0;
  }

  /** Takes the least recently used block for one holder; there must be one. Its content stays for the caller to drop. */
  take(): number {
    const block = this.popFree();
    this.#references[block] = 1;
    return block;
  }

  /** Takes the least recently used block out of the free list without giving it a holder. */
  popFree(): number {
    this.numFree--;
    if (this.#fresh < this.numBlocks) return this.#fresh++;
    const block = this.#head;
    this.#head = this.#next[block]!;
    if (this.#head === NONE) this.#tail = NONE;
    return block;
  }

  /** Puts a block without holder at the end of the free list. */
  pushFree(block: number): void {
    this.numFree++;
    const tail = this.#tail;
    this.#next[block] = NONE;
    this.#previous[block] = tail;
    if (tail === NONE) this.#head = block;
    else this.#next[tail] = block;
    this.#tail = block;
  }

  /** Adds a holder to a block that has content, taking it out of the free list if it lies there. */
  claim(block: number): void {
    if (this.#references[block]!++ === 0) {
      this.numFree--;
      this.#unlink(block);
    }
  }

  /** Drops one holder; the last one puts the block at the end of the free list. */
  release(block: number): void {
    if (--this.#references[block]! === 0) this.pushFree(block);
  }

  /** The free list from its head on; for tests. */
  freeList(): number[] {
    const list: number[] = [];
    for (let b = this.#fresh; b < this.numBlocks; b++) list.push(b);
    for (let b = this.#head; b !== NONE; b = this.#next[b]!) list.push(b);
    return list;
  }

  #unlink(block: number): void {
    const next = this.#next[block]!;
    // What stands before the head is not kept current.
    const previous = block === this.#head ? NONE : this.#previous[block]!;
    if (previous === NONE) this.#head = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#tail = previous;
    else this.#previous[next] = previous;
  }
}
