import type { Instance } from "../sim/instance.ts";

/** Instances by the time of their next event, the lower index first at equal times. */
export class InstanceHeap {
  readonly #instances: readonly Instance[];
  /** Instance at each place of the heap, and the place of each instance. */
  readonly #heap: number[];
  readonly #place: number[];
  readonly #index = new Map<Instance, number>();
  readonly #timesUs: number[];

  constructor(instances: readonly Instance[]) {
    this.#instances = instances;
    this.#heap = instances.map((_, i) => i);
    this.#place = instances.map((_, i) => i);
    this.#timesUs = instances.map(() => Infinity);
    instances.forEach((instance, i) => this.#index.set(instance, i));
  }

  /** The instance that has the next event; its time is Infinity if none has any. */
  get first(): Instance {
    return this.#instances[this.#heap[0]!]!;
  }

  /** Takes note that the next event of an instance may have changed. */
  update(instance: Instance): void {
    const i = this.#index.get(instance)!;
    this.#timesUs[i] = instance.nextEventUs;
    this.#rise(this.#place[i]!);
    this.#sink(this.#place[i]!);
  }

  #rise(place: number): void {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(place: number): void {
    for (let child = 2 * place + 1; child < this.#heap.length; child = 2 * place + 1) {
      if (child + 1 < this.#heap.length && this.#before(child + 1, child)) child++;
      if (!this.#before(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #before(a: number, b: number): boolean {
    const i = this.#heap[a]!;
    const j = this.#heap[b]!;
    const timeI = this.#timesUs[i]!;
    const timeJ = this.#timesUs[j]!;
    return timeI < timeJ || (timeI === timeJ && i < j);
  }

  #swap(a: number, b: number): void {
    const i = this.#heap[a]!;
    const j = this.#heap[b]!;
    this.#heap[a] = j;
    this.#heap[b] = i;
    this.#place[i] = b;
    this.#place[j] = a;
  }
}
