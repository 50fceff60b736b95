const FREE = 0;

/**
 * Map from positive 32-bit integers to non-negative ones: open addressing in one Int32Array of
 * (key, value) pairs. A Map of numbers costs four times the memory and allocates as it grows.
 */
export class IntMap {
  #size = 0;
  #mask = 15;
  #slots = new Int32Array(32);

  get size(): number {
    return this.#size;
  }

  /** The value of `key`, -1 if it has none. */
  get(key: number): number {
    const slots = this.#slots;
    for (let i = home(key) & this.#mask;; i = (i + 1) & this.#mask) {
      const found = slots[2 * i]!;
      if (found === key) return slots[2 * i + 1]!;
      if (found === FREE) return -1;
    }
  }

  set(key: number, value: number): void {
    const slots = this.#slots;
    let i = home(key) & this.#mask;
    while (slots[2 * i] !== key && slots[2 * i] !== FREE) i = (i + 1) & this.#mask;
    if (slots[2 * i] === FREE) {
      slots[2 * i] = key;
      this.#size++;
    }
    slots[2 * i + 1] = value;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  /** Removes `key` if it is there and closes the gap, so that no tombstone slows a later search. */
  delete(key: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let gap = home(key) & mask;
    while (slots[2 * gap] !== key) {
      if (slots[2 * gap] === FREE) return;
      gap = (gap + 1) & mask;
    }
    this.#size--;
    for (let i = (gap + 1) & mask; slots[2 * i] !== FREE; i = (i + 1) & mask) {
      const distance = (i - home(slots[2 * i]!)) & mask;
      if (distance >= ((i - gap) & mask)) {
        slots[2 * gap] = slots[2 * i]!;
        slots[2 * gap + 1] = slots[2 * i + 1]!;
        gap = i;
      }
    }
    slots[2 * gap] = FREE;
  }

  clear(): void {
    this.#slots.fill(FREE);
    this.#size = 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Int32Array(2 * (this.#mask + 1));
    this.#size = 0;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] !== FREE) this.set(old[i]!, old[i + 1]!);
    }
  }
}

/**
 * Fibonacci hashing of eight keys at a time, as many pairs as a cache line holds: consecutive keys,
 * which are asked for one after the other, lie side by side, and their groups spread over the table.
 */
function home(key: number): number {
  return ((Math.imul(key >>> 3, 0x9e3779b1) >>> 7) << 3) | (key & 7);
}
