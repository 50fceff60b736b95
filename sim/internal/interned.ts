/** Distinct values, numbered from 0 in the order in which they came. */
export class Interned<T> {
  readonly list: T[] = [];
  readonly #index = new Map<T, number>();

  /** Number of a value; a new one gets the next. */
  indexOf(value: T): number {
    let i = this.#index.get(value);
    if (i === undefined) {
      i = this.list.length;
      this.#index.set(value, i);
      this.list.push(value);
    }
    return i;
  }
}
