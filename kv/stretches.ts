/** Slot of no stretch: the head of the list of those that hold something. */
const HEAD = 0;

/**
 * Disjoint stretches [first, end) of identities, of which [from, to) are held; none if these are
 * equal. Columns by slot. Those that hold something form a list in order of use.
 */
export class Stretches {
  first = new Int32Array(16);
  end = new Int32Array(16);
  from = new Int32Array(16);
  to = new Int32Array(16);
  /** Users that remember the slot: it stays as long as there are any. */
  numUsers = new Int32Array(16);
  /** When it was last used, in whatever unit the user counts. */
  usedAt = new Float64Array(16);
  #older = new Int32Array(16);
  #newer = new Int32Array(16);
  /** Slots by `first`. */
  readonly #sorted: number[] = [];
  readonly #spare: number[] = [];
  #numSlots = 1;

  /** Slot of the stretch around `id`, -1 if there is none. */
  find(id: number): number {
    const slot = this.#sorted[this.#rank(id) - 1];
    return slot !== undefined && id < this.end[slot]! ? slot : -1;
  }

  /** Slot of the last stretch that begins before or at `id`, -1 if there is none. */
  lastUpTo(id: number): number {
    return this.#sorted[this.#rank(id) - 1] ?? -1;
  }

  /** Where the first stretch beyond `id` begins, Infinity if there is none. */
  nextFirst(id: number): number {
    const slot = this.#sorted[this.#rank(id)];
    return slot === undefined ? Infinity : this.first[slot]!;
  }

  /** Adds the stretch [first, end), which holds nothing, where there is none. */
  insert(first: number, end: number): number {
    const slot = this.#spare.pop() ?? this.#numSlots++;
    if (slot === this.first.length) this.#grow();
    this.first[slot] = this.from[slot] = this.to[slot] = first;
    this.end[slot] = end;
    this.numUsers[slot] = 0;
    this.usedAt[slot] = 0;
    this.#sorted.splice(this.#rank(first), 0, slot);
    return slot;
  }

  /** Removes a stretch that is not in the list. */
  remove(slot: number): void {
    this.#sorted.splice(this.#rank(this.first[slot]!) - 1, 1);
    this.end[slot] = this.first[slot]!;
    this.#spare.push(slot);
  }

  /** The least recently used stretch in the list, 0 if it is empty. */
  get oldest(): number {
    return this.#newer[HEAD]!;
  }

  /** The most recently used stretch in the list, 0 if it is empty. */
  get newest(): number {
    return this.#older[HEAD]!;
  }

  /** The next more recently used stretch, 0 after the newest. */
  newerThan(slot: number): number {
    return this.#newer[slot]!;
  }

  /** Puts a stretch into the list, right after `older`, or first for 0. */
  link(slot: number, older: number): void {
    const newer = this.#newer[older]!;
    this.#older[slot] = older;
    this.#newer[slot] = newer;
    this.#newer[older] = slot;
    this.#older[newer] = slot;
  }

  unlink(slot: number): void {
    const older = this.#older[slot]!;
    const newer = this.#newer[slot]!;
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }

  /** How many stretches begin before or at `id`. */
  #rank(id: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first[this.#sorted[middle]!]! <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    this.first = doubled(this.first);
    this.end = doubled(this.end);
    this.from = doubled(this.from);
    this.to = doubled(this.to);
    this.numUsers = doubled(this.numUsers);
    this.usedAt = new Float64Array(this.usedAt.buffer.transfer(2 * this.usedAt.byteLength));
    this.#older = doubled(this.#older);
    this.#newer = doubled(this.#newer);
  }
}

function doubled(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return new Int32Array(column.buffer.transfer(2 * column.byteLength));
}
