import { Int32Column } from "../../sim/internal/columns.ts";

/** Nodes that a key can tell apart, so that it stays exact in a double. */
const MAX_HASH = 2 ** 31;

/**
 * What the prompts of a trace have in common, as a tree: equal leading blocks are one stretch of
 * content, which branches where prompts begin to differ. Contents are numbered from 0; one that
 * branches off another has that as its parent.
 */
export class PrefixTree {
  /** Content from which each content branches off, -1 = none, and after how many blocks. */
  readonly parents = new Int32Column();
  readonly parentBlocks = new Int32Column();
  /** (node before, hash) → node. */
  readonly #nodes = new Map<number, number>();
  /** Content that holds the block of a node. */
  readonly #contents = new Int32Column();

  /** The content whose first blocks have these hashes, each below 2^31; there must be one hash. */
  add(hashes: readonly number[]): number {
    let node = 0;
    let known = 0;
    for (; known < hashes.length; known++) {
      const next = this.#nodes.get(node * MAX_HASH + hashes[known]!);
      if (next === undefined) break;
      node = next;
    }
    const parent = node === 0 ? -1 : this.#contents.data[node - 1]!;
    if (known === hashes.length) return parent;
    const content = this.parents.length;
    this.parents.push(parent);
    this.parentBlocks.push(known);
    for (const hash of hashes.slice(known)) {
      this.#contents.push(content);
      const key = node * MAX_HASH + hash;
      node = this.#contents.length;
      this.#nodes.set(key, node);
    }
    return content;
  }
}
