/** Distinct texts, numbered from 0 in the order in which they came. */
export class Names {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();

  /** Number of a text; a new text gets the next one. */
  indexOf(text: string): number {
    let i = this.#index.get(text);
    if (i === undefined) {
      i = this.list.length;
      this.#index.set(text, i);
      this.list.push(text);
    }
    return i;
  }
}
