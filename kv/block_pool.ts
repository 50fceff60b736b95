/** Entry of the free list whose block was claimed since. */
const HOLE = -1;
/** Blocks that there is room for at first: most instances of a large cluster use few. */
const INITIAL_ROOM = 256;
/** So much more room is made each time: by a large factor, since growing copies. */
const GROWTH = 8;
/** Places of the ring for holes, as a share of the blocks: so many claims pay for closing them. */
const SPARE_PLACES = 1 / 4;

/**
 * The blocks of one cache: a free list in least-recently-used order and a reference count each.
 * A block may keep its content while it is free; who takes it from the head overwrites it.
 *
 * The free list is a ring, so that taking and releasing walk through memory in order, where a
 * linked list would jump: a block that is claimed out of its middle leaves a hole. Memory is taken
 * as blocks are used for the first time.
 */
export class BlockPool {
  readonly numBlocks: number;
  numFree: number;
  /** Content identity of each block that was ever used, 0 = none; another array when it grows. */
  content: Int32Array<ArrayBuffer>;
  /** Of a block that is held, its holders; of a free one, minus its place in the ring. */
  #state: Int32Array<ArrayBuffer>;
  #ring: Int32Array;
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
    const room = Math.min(INITIAL_ROOM, numBlocks);
    this.content = new Int32Array(room);
    this.#state = new Int32Array(room);
    this.#ring = ringFor(room);
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
    if (this.#fresh < this.numBlocks) {
      if (this.#fresh === this.content.length) this.#grow();
      return this.#fresh++;
    }
    for (;;) {
      const block = this.#ring[this.#head]!;
      this.#head = after(this.#head, this.#ring);
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
    this.#tail = after(this.#tail, this.#ring);
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
    for (let i = 0, place = this.#head; i < this.#length; i++, place = after(place, this.#ring)) {
      if (this.#ring[place] !== HOLE) list.push(this.#ring[place]!);
    }
    return list;
  }

  #grow(): void {
    const room = Math.min(GROWTH * this.content.length, this.numBlocks);
    const numBytes = room * Int32Array.BYTES_PER_ELEMENT;
    this.content = new Int32Array(this.content.buffer.transfer(numBytes));
    this.#state = new Int32Array(this.#state.buffer.transfer(numBytes));
    this.#refill(ringFor(room), 0);
  }

  #closeHoles(): void {
    this.#refill(this.#ring, this.#head);
  }

  /** Moves the free list without its holes to `head` of a ring: another one, or the same from its head on. */
  #refill(ring: Int32Array, head: number): void {
    const old = this.#ring;
    const length = this.#length;
    let from = this.#head;
    this.#ring = ring;
    this.#head = this.#tail = head;
    this.#length = 0;
    for (let i = 0; i < length; i++, from = after(from, old)) {
      const block = old[from]!;
      if (block === HOLE) continue;
      this.#state[block] = -this.#tail;
      ring[this.#tail] = block;
      this.#tail = after(this.#tail, ring);
      this.#length++;
    }
  }
}

/** The place of a ring that follows another. */
function after(place: number, ring: Int32Array): number {
  return place + 1 === ring.length ? 0 : place + 1;
}

function ringFor(numBlocks: number): Int32Array {
  return new Int32Array(numBlocks + Math.ceil(numBlocks * SPARE_PLACES));
}
