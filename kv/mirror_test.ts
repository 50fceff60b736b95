import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import type { Request } from "../sim/request.ts";
import { BlockPool } from "./block_pool.ts";
import { CpuTier } from "./cpu_tier.ts";
import { Mirror } from "./mirror.ts";

/** Identities that are used one after the other: those of a shared content, or a request's own. */
const CHAIN_LENGTH = 100;
const NUM_SHARED = 3;

const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("admit" as const),
      chain: fc.nat({ max: NUM_SHARED - 1 }),
      shared: fc.nat({ max: 8 }),
      start: fc.constantFrom(0, 0, 0, 2),
      own: fc.nat({ max: 12 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("decode" as const),
      // For each step, the requests that fill a block in it.
      growing: fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), who: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("swap" as const), who: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("touch" as const), rank: fc.nat(50) }) },
);

/** A batch whose requests hold blocks of given contents, and what the tier should hold after each pass. */
class Batch {
  readonly requests: Request[] = [];
  readonly cpu: CpuTier;
  readonly wanted = new Set<number>();
  numStored = 0;
  readonly #pool = new BlockPool(10_000);
  readonly #mirror: Mirror;
  /** The identity that each request fills next. */
  readonly #next = new Map<Request, number>();
  #numAdmitted = NUM_SHARED;

  constructor(capacity: number) {
    this.cpu = new CpuTier(capacity);
    this.#mirror = new Mirror(this.#pool, this.cpu);
  }

  admit(
    chain: number,
    { shared, start, own }: { shared: number; start: number; own: number },
  ): void {
    const request = requestWith({});
    request.blocks = new Int32Array(1000);
    this.requests.push(request);
    this.#next.set(request, 1 + chain * CHAIN_LENGTH + start);
    this.grow(request, shared);
    // Without blocks of its own it goes on with the shared ones.
    if (own > 0) this.#next.set(request, 1 + this.#numAdmitted++ * CHAIN_LENGTH);
    this.grow(request, own);
  }

  grow(request: Request, count: number): void {
    for (let i = 0; i < count; i++) {
      const id = this.#next.get(request)!;
      this.#next.set(request, id + 1);
      const block = this.#pool.take();
      this.#pool.content[block] = id;
      request.blocks[request.numBlocks++] = block;
    }
    this.#mirror.noteFull(request);
  }

  leave(request: Request): void {
    this.requests.splice(this.requests.indexOf(request), 1);
    this.#mirror.forget(request);
  }

  /** Somebody else uses the block of a given age. */
  touch(rank: number): void {
    const id = [...this.wanted][rank];
    if (id === undefined) return;
    this.cpu.use(id, id + 1);
    this.#use(id);
  }

  /** One step: some requests fill blocks, then all are mirrored. */
  pass(growing: readonly number[]): void {
    for (const who of growing) if (who < this.requests.length) this.grow(this.requests[who]!, 1);
    this.#mirror.update(this.requests);
    for (const { blocks, numBlocks } of this.requests) {
      for (const block of blocks.subarray(0, numBlocks)) this.#use(this.#pool.content[block]!);
    }
    assert.deepEqual(this.cpu.contents(), [...this.wanted]);
    assert.equal(this.cpu.numStored, this.numStored);
    assert.equal(this.cpu.size, this.wanted.size);
    assert.equal(this.cpu.numEvicted, this.numStored - this.wanted.size);
  }

  #use(id: number): void {
    if (!this.wanted.delete(id)) this.numStored++;
    this.wanted.add(id);
    if (this.wanted.size > this.cpu.capacity) this.wanted.delete([...this.wanted][0]!);
  }
}

Deno.test("the mirror leaves the tier as if it had used every block of the batch at each pass", () => {
  const actions = fc.array(action, { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), actions, (capacity, list) => {
      const batch = new Batch(capacity);
      for (const step of list) {
        if (step.kind === "admit") batch.admit(step.chain, step);
        else if (step.kind === "decode") step.growing.forEach((growing) => batch.pass(growing));
        else if (step.kind === "touch") batch.touch(step.rank);
        else if (step.who >= batch.requests.length) continue;
        else if (step.kind === "leave") batch.leave(batch.requests[step.who]!);
        else batch.requests.push(...batch.requests.splice(step.who, 1));
      }
      for (const id of batch.wanted) assert.equal(batch.cpu.has(id), true);
      assert.equal(batch.cpu.has(9999), false);
    }),
    { seed: 1, numRuns: 3000 },
  );
});
