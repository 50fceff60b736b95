import assert from "node:assert/strict";
import fc from "fast-check";
import { BlockPool } from "./block_pool.ts";

/** The same with plain lists. */
class PlainPool {
  readonly free: number[];
  readonly holders: number[];

  constructor(numBlocks: number) {
    this.free = Array.from({ length: numBlocks }, (_, block) => block);
    this.holders = this.free.map(() => 0);
  }

  take(): number {
    const block = this.free.shift()!;
    this.holders[block] = 1;
    return block;
  }

  claim(block: number): void {
    if (this.holders[block]!++ === 0) this.free.splice(this.free.indexOf(block), 1);
  }

  release(block: number): void {
    if (--this.holders[block]! === 0) this.free.push(block);
  }
}

const operations = fc.array(
  fc.record({ kind: fc.constantFrom("take", "claim", "release"), which: fc.nat(63) }),
  { minLength: 100, maxLength: 400 },
);

Deno.test("blocks leave in the order in which they became free, however many are claimed between", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), operations, (numBlocks, list) => {
      const pool = new BlockPool(numBlocks);
      const plain = new PlainPool(numBlocks);
      const used = new Set<number>();
      for (const { kind, which } of list) {
        const block = [...used][which % Math.max(1, used.size)] ?? -1;
        if (kind === "take" && plain.free.length > 0) {
          const taken = pool.take();
          assert.equal(taken, plain.take());
          used.add(taken);
        } else if (kind === "claim" && block >= 0) {
          pool.claim(block);
          plain.claim(block);
        } else if (kind === "release" && block >= 0 && plain.holders[block]! > 0) {
          pool.release(block);
          plain.release(block);
        }
        assert.deepEqual(pool.freeList(), plain.free);
        assert.equal(pool.numFree, plain.free.length);
        assert.equal(
          used.size > 0 && pool.isFree(block),
          used.size > 0 && plain.free.includes(block),
        );
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("a block that is claimed and released again and again leaves its holes behind", () => {
  const pool = new BlockPool(4);
  const block = pool.take();
  pool.release(block);
  for (let i = 0; i < 100; i++) {
    pool.claim(block);
    pool.release(block);
  }
  assert.deepEqual(pool.freeList(), [1, 2, 3, block]);
});

Deno.test("a pool that makes room for more blocks keeps the order of those it has", () => {
  const steps = fc.array(fc.nat(999), { minLength: 40, maxLength: 80 });
  fc.assert(
    fc.property(steps, (list) => {
      const pool = new BlockPool(3000);
      const plain = new PlainPool(3000);
      let numUsed = 0;
      for (const n of list) {
        for (let i = 0; i < n % 200 && plain.free.length > 0; i++) {
          const taken = pool.take();
          assert.equal(taken, plain.take());
          numUsed = Math.max(numUsed, taken + 1);
        }
        for (let block = n % 7; block < numUsed; block += 7) {
          if (plain.holders[block]! > 0) {
            pool.release(block);
            plain.release(block);
          } else if (block % 3 === 0) {
            pool.claim(block);
            plain.claim(block);
          }
        }
        assert.deepEqual(pool.freeList(), plain.free);
      }
    }),
    { seed: 2, numRuns: 20 },
  );
});
