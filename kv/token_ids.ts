import type { BlockIds } from "../sim/shared_content.ts";

/**
 * Identities of blocks by their real tokens, chained as vLLM's prefix hashes: equal for equal
 * tokens after an equal chain. Interned, so two contents never collide. Needed where blocks are so
 * small that random tokens do coincide.
 */
export class TokenIds {
  readonly #allocator: BlockIds;
  readonly #known = new Map<string, number>();

  constructor(allocator: BlockIds) {
    this.#allocator = allocator;
  }

  /** Identity of each full block of `tokens`. */
  of(tokens: Int32Array, blockSize: number): Int32Array {
    const ids = new Int32Array(Math.floor(tokens.length / blockSize));
    let previous = 0;
    for (let i = 0; i < ids.length; i++) {
      const key = `${previous}:${tokens.subarray(i * blockSize, (i + 1) * blockSize).join()}`;
      let id = this.#known.get(key);
      if (id === undefined) this.#known.set(key, id = this.#allocator.reserve(1));
      ids[i] = previous = id;
    }
    return ids;
  }
}
