/**
 * Items by (time, insertion): a binary heap in which items pushed in order of time cost O(1).
 * Equal times leave in the order in which they came.
 */
export class TimeHeap<T> {
  readonly #times: number[] = [];
  readonly #order: number[] = [];
  readonly #items: T[] = [];
  #pushed = 0;

  get size(): number {
    return this.#items.length;
  }

  /** Time of the first item in µs, Infinity if there is none. */
  get nextUs(): number {
    return this.#items.length === 0 ? Infinity : this.#times[0]!;
  }

  /** The first item; there must be one. */
  get first(): T {
    return this.#items[0]!;
  }

  push(timeUs: number, item: T): void {
    let i = this.#items.length;
    const order = this.#pushed++;
    this.#times.push(timeUs);
    this.#order.push(order);
    this.#items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.#times[parent]! <= timeUs) break;
      this.#copy(parent, i);
      i = parent;
    }
    this.#put(i, timeUs, order, item);
  }

  /** Removes and returns the first item; there must be one. */
  pop(): T {
    const first = this.#items[0]!;
    const timeUs = this.#times.pop()!;
    const order = this.#order.pop()!;
    const item = this.#items.pop()!;
    const size = this.#items.length;
    if (size === 0) return first;
    let i = 0;
    for (let child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && this.#before(child + 1, child)) child++;
      const time = this.#times[child]!;
      if (time > timeUs || (time === timeUs && this.#order[child]! > order)) break;
      this.#copy(child, i);
      i = child;
    }
    this.#put(i, timeUs, order, item);
    return first;
  }

  #before(a: number, b: number): boolean {
    const difference = this.#times[a]! - this.#times[b]!;
    return difference < 0 || (difference === 0 && this.#order[a]! < this.#order[b]!);
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#times[from]!, this.#order[from]!, this.#items[from]!);
  }

  #put(i: number, timeUs: number, order: number, item: T): void {
    this.#times[i] = timeUs;
    this.#order[i] = order;
    this.#items[i] = item;
  }
}
