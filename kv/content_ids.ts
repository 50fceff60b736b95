import type { Request } from "../sim/request.ts";
import { type BlockIds, sharedBlockId } from "../sim/shared_content.ts";

/**
 * Identity of the content of a request's blocks, in place of the chained hash of tokens that vLLM
 * keeps. Three kinds: from real tokens, shared with other requests, or private. Private content
 * (random tokens that lie in no other request) has no identity until its request is preempted and
 * may look for it again.
 */
export class ContentIds {
  readonly #blockSize: number;
  readonly #allocator: BlockIds;
  /** Identities of blocks whose stored predecessor is not their natural one: predecessor → natural id → id. */
  readonly #odd = new Map<number, Map<number, number>>();

  constructor(blockSize: number, allocator: BlockIds) {
    this.#blockSize = blockSize;
    this.#allocator = allocator;
  }

  /** Identity of block `i` of prompt + output; 0 while it is private and unnamed, or for i = -1. */
  of(request: Request, i: number): number {
    if (i < 0) return 0;
    const shared = sharedBlockId(request, i, this.#blockSize);
    if (shared !== 0 || request.privateIds === 0) return shared;
    return request.privateIds + i;
  }

  /** Identity of block `i` when the content stored before it is `previous`, which it is chained to. */
  after(previous: number, request: Request, i: number): number {
    const natural = this.of(request, i);
    if (natural === 0 || previous === this.of(request, i - 1)) return natural;
    let ids = this.#odd.get(previous);
    if (ids === undefined) this.#odd.set(previous, ids = new Map());
    let id = ids.get(natural);
    if (id === undefined) ids.set(natural, id = this.#allocator.reserve(1));
    return id;
  }

  /** Gives the private blocks of a request identities. */
  name(request: Request): void {
    if (request.privateIds === 0 && request.blockIds === undefined) {
      const tokens = request.promptTokens + request.outputTokens;
      request.privateIds = this.#allocator.reserve(Math.floor(tokens / this.#blockSize) + 1);
    }
  }
}
