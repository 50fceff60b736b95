/** Entry of the free list whose block was claimed since. */
const HOLE = -1;
/** Holes of a full ring, as a share of the blocks: so many claims pay for closing them. */
const MIN_HOLES = 1 / 4;

/**
 * The blocks of one cache: a free list in least-recently-used order and a reference count each.
 * A block may keep its content while it is free; who takes it from the head overwrites it.
 *
 * The free list is a ring, so that taking and releasing walk through memory in order, where a
 * linked list would jump: a block that is claimed out of its middle leaves a hole.
 */
export class BlockPool {
  readonly numBlocks: number;
  numFree: number;
  /** Content identity of each block, 0 = none. */
  readonly content: Int32Array;
  /** Of a block that is held, its holders; of a free one, minus its place in the ring. */
  readonly #state: Int32Array;
  readonly #ring: Int32Array;
  /** Place of the first entry, and of the one after the last. */
  #head = 0;
  #tail = 0;
  /** Entries of the ring, holes included. */
  #length = 0;
  /** Blocks from here on were never used: they precede those of the ring in the free list. */
  #fresh = 0;

  constructor(numBlocks: number) {
    this.numBlocks = numBlocks;
    this.numFree = numBlocks;
    this.content = new Int32Array(numBlocks);
    this.#state = new Int32Array(numBlocks);
    this.#ring = new Int32Array(numBlocks + Math.ceil(numBlocks * MIN_HOLES));
  }

  isFree(block: number): boolean {
    return this.#state[block]! <= 0;
  }

  /** Takes the least recently used block for one holder; there must be one. Its content stays for the caller to drop. */
  take(): number {
    const block = this.popFree();
    this.#state[block] = 1;
    return block;
  }

  /** Takes the least recently used block out of the free list without giving it a holder. */
  popFree(): number {
    this.numFree--;
    if (this.#fresh < this.numBlocks) return this.#fresh++;
    for (;;) {
      const block = this.#ring[this.#head]!;
      this.#head = this.#after(this.#head);
      this.#length--;
      if (block !== HOLE) return block;
    }
  }

  /** Puts a block without holder at the end of the free list. */
  pushFree(block: number): void {
    if (this.#length === this.#ring.length) this.#closeHoles();
    this.numFree++;
    this.#length++;
    this.#state[block] = -this.#tail;
    this.#ring[this.#tail] = block;
    this.#tail = this.#after(this.#tail);
  }

  /** Adds a holder to a block that has content, taking it out of the free list if it lies there. */
  claim(block: number): void {
    const state = this.#state[block]!;
    if (state > 0) {
      this.#state[block] = state + 1;
      return;
    }
    this.numFree--;
    this.#ring[-state] = HOLE;
    this.#state[block] = 1;
  }

  /** Drops one holder; the last one puts the block at the end of the free list. */
  release(block: number): void {
    if (--this.#state[block]! === 0) this.pushFree(block);
  }

  /** The free list from its head on; for tests. */
  freeList(): number[] {
    const list: number[] = [];
    for (let block = this.#fresh; block < this.numBlocks; block++) list.push(block);
    for (let i = 0, place = this.#head; i < this.#length; i++, place = this.#after(place)) {
      if (this.#ring[place] !== HOLE) list.push(this.#ring[place]!);
    }
    return list;
  }

  #closeHoles(): void {
    const length = this.#length;
    let place = this.#head;
    this.#tail = place;
    this.#length = 0;
    for (let i = 0; i < length; i++, place = this.#after(place)) {
      const block = this.#ring[place]!;
      if (block === HOLE) continue;
      this.#state[block] = -this.#tail;
      this.#ring[this.#tail] = block;
      this.#tail = this.#after(this.#tail);
      this.#length++;
    }
  }

  #after(place: number): number {
    return place + 1 === this.#ring.length ? 0 : place + 1;
  }
}
