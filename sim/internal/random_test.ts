import assert from "node:assert/strict";
import fc from "fast-check";
import { Random, streamSeed } from "./random.ts";

const seed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

Deno.test("seeds that agree modulo 2^31 - 1 give the same stream", () => {
  fc.assert(
    fc.property(seed, (value) => {
      assert.equal(new Random(value).uint64(), new Random(value + 2147483647n).uint64());
    }),
    { seed: 1, numRuns: 50 },
  );
  const first = new Random(0n).uint64();
  for (const same of [89482311n, 2147483647n]) assert.equal(new Random(same).uint64(), first);
});

Deno.test("skipping token ids leaves the stream where drawing them one by one does", () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 0, max: 3000 }), fc.nat(700), (value, count, before) => {
      const skipped = new Random(value);
      const drawn = new Random(value);
      for (let i = 0; i < before; i++) assert.equal(skipped.uint32(), drawn.uint32());
      skipped.skipTokens(count);
      drawn.fillTokens(new Int32Array(count), 0, count);
      for (let i = 0; i < 700; i++) assert.equal(skipped.uint32(), drawn.uint32());
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("a child seed is the 63-bit draw as far as a seed counts", () => {
  fc.assert(
    fc.property(seed, (value) => {
      const child = new Random(new Random(value).childSeed());
      assert.equal(child.uint64(), new Random(new Random(value).int63()).uint64());
    }),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("drawing from one stream moves no other", () => {
  const draw = (drawsBefore: number) => {
    const router = new Random(streamSeed(42n, "router"));
    const workload = new Random(streamSeed(42n, "workload-gen"));
    for (let i = 0; i < drawsBefore; i++) workload.uint32();
    return router.uint64();
  };
  assert.equal(draw(0), draw(1000));
});

Deno.test("draws stay in their range and a permutation holds each number once", () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 1000 }), (value, n) => {
      const random = new Random(value);
      const draws = [random.intn(n), Math.floor(random.float64() * n)];
      for (const x of draws) assert.ok(x >= 0 && x < n);
      assert.ok(random.exponential() >= 0);
      assert.deepEqual(
        random.permutation(n).sort((a, b) => a - b),
        Array.from({ length: n }, (_, i) => i),
      );
    }),
    { seed: 1, numRuns: 100 },
  );
});
