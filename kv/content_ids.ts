import type { Request } from "../sim/request.ts";
import { sharedBlockId } from "../sim/shared_block.ts";
import type { BlockIds } from "../sim/shared_content.ts";

/**
 * Identity of the content of a request's blocks, in place of the chained hash of tokens that vLLM
 * keeps. Three kinds: from real tokens, shared with other requests, or private. Private content
 * (random tokens that lie in no other request) has no identity until its request is preempted and
 * may look for it again, or a tier below may hold it.
 */
export class ContentIds {
  /** Where blocks do not begin at multiples of the block size: how many tokens later they do. */
  readonly shifts = new Map<Request, number>();
  readonly #blockSize: number;
  readonly #allocator: BlockIds;
  /** Identities of blocks whose stored predecessor is not their natural one: predecessor → place → id. */
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
    const shift = this.shiftOf(request);
    const natural = this.of(request, i);
    if (natural === 0) return 0;
    if (shift === 0 && previous === this.of(request, i - 1)) return natural;
    const place = this.#place(shift === 0 ? natural : this.#origin(request, i, shift), shift);
    let ids = this.#odd.get(previous);
    if (ids === undefined) this.#odd.set(previous, ids = new Map());
    let id = ids.get(place);
    if (id === undefined) ids.set(place, id = this.#allocator.reserve(1));
    return id;
  }

  /** Identity of the i-th full block of the prompt after `previous`; 0 if no block can have it yet. */
  known(previous: number, request: Request, i: number): number {
    const natural = this.of(request, i);
    if (previous === this.of(request, i - 1)) return natural;
    return this.#odd.get(previous)?.get(this.#place(natural, 0)) ?? 0;
  }

  /** Tokens by which the blocks of a request begin later than they should. */
  shiftOf(request: Request): number {
    return this.shifts.size === 0 ? 0 : this.shifts.get(request) ?? 0;
  }

  /** Gives the private blocks of a request identities. */
  name(request: Request): void {
    if (request.privateIds === 0 && request.blockIds === undefined) this.#reserve(request);
  }

  /** Gives every full block of a request an identity, so that filling it with output matters too. */
  nameAll(request: Request): void {
    if (request.privateIds !== 0) return;
    const ids = new Int32Array(this.#numBlocks(request));
    for (let i = 0; i < ids.length; i++) ids[i] = this.of(request, i);
    // The private ones come after the shared ones, so that both are consecutive.
    this.#reserve(request);
    for (let i = 0; i < ids.length; i++) ids[i] ||= request.privateIds + i;
    request.blockIds ??= ids;
  }

  #reserve(request: Request): void {
    request.privateIds = this.#allocator.reserve(this.#numBlocks(request) + 1);
  }

  /** Blocks that prompt and output fill. */
  #numBlocks({ promptTokens, outputTokens }: Request): number {
    return Math.floor((promptTokens + outputTokens) / this.#blockSize);
  }

  /** What a block that begins `shift` tokens late has in common with others: shared only if all of it is. */
  #origin(request: Request, i: number, shift: number): number {
    const end = (i + 1) * this.#blockSize + shift;
    return end <= request.sharedTokens ? this.of(request, i) : request.privateIds + i;
  }

  #place(id: number, shift: number): number {
    return id * this.#blockSize + shift;
  }
}
