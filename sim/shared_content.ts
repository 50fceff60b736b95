/**
 * Token content that several requests have in common from their first token on: the prefix of a
 * group, the growing context of a session. Content is known by identity, not by its tokens: what a
 * request holds beyond it is random and lies in no other request, so nothing needs to be hashed.
 * Each full KV block of it gets an id when it is first asked for; equal ids mean equal content.
 */
export class SharedContent {
  readonly #ids: number[] = [];
  readonly #allocator: BlockIds;
  readonly #parent: SharedContent | undefined;
  readonly #parentTokens: number;

  /** `parent` gives the first `parentTokens` tokens: a session starts with its group's prefix. */
  constructor(allocator: BlockIds, parent?: SharedContent, parentTokens = 0) {
    this.#allocator = allocator;
    this.#parent = parent;
    this.#parentTokens = parentTokens;
  }

  /** Identity of the i-th block of `blockSize` tokens. One content serves one block size. */
  blockId(i: number, blockSize: number): number {
    if (this.#parent !== undefined && (i + 1) * blockSize <= this.#parentTokens) {
      return this.#parent.blockId(i, blockSize);
    }
    const ids = this.#ids;
    const own = i - Math.floor(this.#parentTokens / blockSize);
    while (ids.length <= own) ids.push(this.#allocator.reserve(1));
    return ids[own]!;
  }
}

/** Hands out block identities: consecutive integers from 1 on; 0 means "no content". */
export class BlockIds {
  #next = 1;

  /** First of `count` consecutive ids that no block had before. */
  reserve(count: number): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }
}
