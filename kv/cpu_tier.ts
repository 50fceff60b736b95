import { Stretches } from "./stretches.ts";

/**
 * The blocks in CPU memory, least recently used first. Whoever uses blocks uses long runs of
 * consecutive identities, so order and content are kept for stretches of them: a pass over all
 * blocks of the running batch costs one operation a stretch, even where each block evicts another.
 */
export class CpuTier {
  readonly capacity: number;
  /** Blocks in the tier. */
  size = 0;
  /** Blocks that were ever copied to the tier. */
  numStored = 0;
  /** Blocks that were ever used, stored or touched. */
  numUses = 0;
  /** What a stretch holds was used in the order of identities, with nothing between. */
  readonly #stretches = new Stretches();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get numEvicted(): number {
    return this.numStored - this.size;
  }

  has(id: number): boolean {
    const { from, to } = this.#stretches;
    const slot = this.#stretches.find(id);
    return slot >= 0 && from[slot]! <= id && id < to[slot]!;
  }

  /** A hint that speeds up uses of blocks from `id` on, until it is released. */
  hold(id: number): number {
    let slot = this.#stretches.find(id);
    if (slot < 0) slot = this.#stretches.insert(id, id + 1);
    this.#stretches.numUsers[slot]!++;
    return slot;
  }

  release(hint: number): void {
    this.#stretches.numUsers[hint]!--;
    this.#removeIfUnused(hint);
  }

  /** When anything of the stretch of a hint was last used, in uses before. */
  usedAt(hint: number): number {
    return this.#stretches.usedAt[hint]!;
  }

  /** Lengthens the stretch of a hint up to `to`, as far as there is no other, and returns its end. */
  reach(hint: number, to: number): number {
    const { end } = this.#stretches;
    if (end[hint]! < to) end[hint] = Math.min(to, this.#stretches.nextFirst(end[hint]! - 1));
    return end[hint]!;
  }

  /** True if the stretch of a hint is [from, to), or could be lengthened to that. */
  fits(hint: number, from: number, to: number): boolean {
    return this.reach(hint, to) === to && this.#stretches.first[hint] === from;
  }

  /** Stores the blocks [from, to) one after the other, or touches those that are here. */
  use(from: number, to: number, hint = 0): void {
    const { first, end } = this.#stretches;
    if (first[hint]! <= from && to <= end[hint]!) this.#useWithin(hint, from, to);
    else this.#usePieces(from, to);
  }

  /**
   * Lengthens the stretch of a hint by a block that was never used, or is long forgotten. False if
   * `id` is another block, or if anything of the stretch was used after `usedAt`.
   */
  lengthen(hint: number, id: number, usedAt: number): boolean {
    const stretches = this.#stretches;
    if (stretches.end[hint] !== id || stretches.usedAt[hint] !== usedAt) return false;
    if (stretches.find(id) >= 0) return false;
    stretches.end[hint] = id + 1;
    return true;
  }

  /**
   * Puts the block by which a stretch was lengthened behind the others, as if it had been used
   * right after them; if those are evicted, so is the new one. It counts neither as used nor as stored.
   */
  insertLast(hint: number): void {
    const { from, to } = this.#stretches;
    if (from[hint] === to[hint]) return;
    to[hint]!++;
    this.size++;
    if (this.size > this.capacity) this.#evict(this.size - this.capacity);
  }

  /** The held identities from the least recently used on; for tests. */
  contents(): number[] {
    const ids: number[] = [];
    const stretches = this.#stretches;
    for (let slot = stretches.oldest; slot > 0; slot = stretches.newerThan(slot)) {
      for (let id = stretches.from[slot]!; id < stretches.to[slot]!; id++) ids.push(id);
    }
    return ids;
  }

  /** Uses blocks that several stretches may lie around, or none. */
  #usePieces(from: number, to: number): void {
    const stretches = this.#stretches;
    while (from < to) {
      const limit = Math.min(to, stretches.nextFirst(from));
      let slot = stretches.lastUpTo(from);
      if (slot < 0 || stretches.end[slot]! < from) slot = stretches.insert(from, limit);
      if (stretches.end[slot]! < limit) stretches.end[slot] = limit;
      const end = Math.min(to, stretches.end[slot]!);
      this.#useWithin(slot, from, end);
      from = end;
    }
  }

  #useWithin(slot: number, from: number, to: number): void {
    const stretches = this.#stretches;
    const heldFrom = stretches.from[slot]!;
    const heldTo = stretches.to[slot]!;
    if (heldFrom === from && heldTo === to) {
      stretches.unlink(slot);
      this.#linkNewest(slot);
      return;
    }
    if (heldFrom < heldTo) {
      if (heldFrom < from) slot = this.#split(slot, from);
      if (heldTo > to) this.#split(slot, to);
    }
    this.#useAround(slot, from, to);
  }

  /**
   * Uses [from, to), within which lies all that is held of the stretch. Storing the blocks before
   * the held ones evicts the oldest; if it reaches the held ones, it stays ahead of the uses and
   * none of them is found.
   */
  #useAround(slot: number, from: number, to: number): void {
    const stretches = this.#stretches;
    const heldFrom = stretches.from[slot]!;
    const held = stretches.to[slot]! - heldFrom;
    if (held > 0) {
      const evicted = heldFrom - from - (this.capacity - this.size);
      if (this.#hasOlder(slot, evicted)) this.numStored -= held;
      stretches.unlink(slot);
    }
    this.numStored += to - from;
    this.size += to - from - held;
    stretches.from[slot] = from;
    stretches.to[slot] = to;
    this.#linkNewest(slot);
    if (this.size > this.capacity) this.#evict(this.size - this.capacity);
  }

  /** True if at least `count` blocks are older than those of the stretch. */
  #hasOlder(slot: number, count: number): boolean {
    const stretches = this.#stretches;
    for (let s = stretches.oldest; count > 0 && s !== slot; s = stretches.newerThan(s)) {
      count -= stretches.to[s]! - stretches.from[s]!;
    }
    return count <= 0;
  }

  #evict(count: number): void {
    const stretches = this.#stretches;
    this.size -= count;
    while (count > 0) {
      const slot = stretches.oldest;
      const held = stretches.to[slot]! - stretches.from[slot]!;
      if (held > count) stretches.from[slot]! += count;
      else {
        this.#empty(slot);
        this.#removeIfUnused(slot);
      }
      count -= held;
    }
  }

  #empty(slot: number): void {
    const stretches = this.#stretches;
    stretches.unlink(slot);
    stretches.from[slot] = stretches.to[slot] = stretches.first[slot]!;
  }

  /** Cuts a stretch that holds something in two before `at` and returns the upper one. */
  #split(slot: number, at: number): number {
    const stretches = this.#stretches;
    const upper = stretches.insert(at, stretches.end[slot]!);
    const heldFrom = stretches.from[slot]!;
    const heldTo = stretches.to[slot]!;
    stretches.end[slot] = at;
    if (heldTo > at) {
      stretches.from[upper] = Math.max(heldFrom, at);
      stretches.to[upper] = heldTo;
      stretches.link(upper, slot);
      if (heldFrom < at) stretches.to[slot] = at;
      else this.#empty(slot);
    }
    return upper;
  }

  /** Makes the stretch the most recently used; one that continues the last is joined to it. */
  #linkNewest(slot: number): void {
    const stretches = this.#stretches;
    this.numUses += stretches.to[slot]! - stretches.from[slot]!;
    stretches.usedAt[slot] = this.numUses;
    const { first, end, from, to, numUsers, newest } = stretches;
    const continues = newest > 0 && end[newest] === first[slot] && to[newest] === from[slot];
    if (continues && numUsers[slot] === 0) {
      end[newest] = end[slot]!;
      to[newest] = to[slot]!;
      stretches.remove(slot);
    } else stretches.link(slot, newest);
  }

  #removeIfUnused(slot: number): void {
    const { numUsers, from, to } = this.#stretches;
    if (numUsers[slot] === 0 && from[slot] === to[slot]) this.#stretches.remove(slot);
  }
}
