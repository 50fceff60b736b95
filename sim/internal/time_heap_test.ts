import assert from "node:assert/strict";
import fc from "fast-check";
import { TimeHeap } from "./time_heap.ts";

Deno.test("TimeHeap yields items in the order of a stable sort by time", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const heap = new TimeHeap<number>();
      times.forEach((time, i) => heap.push(time, i));
      const want = times.map((time, i) => ({ time, i })).sort((a, b) =>
        a.time - b.time || a.i - b.i
      );
      for (const { time, i } of want) {
        assert.equal(heap.nextUs, time);
        assert.equal(heap.pop(), i);
      }
      assert.equal(heap.nextUs, Infinity);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("TimeHeap keeps its order when pushes and pops alternate", () => {
  const op = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(op, { maxLength: 200 }), (ops) => {
      const heap = new TimeHeap<number>();
      const plain: { time: number; i: number }[] = [];
      ops.forEach((time, i) => {
        if (time !== undefined) {
          heap.push(time, i);
          plain.push({ time, i });
          plain.sort((a, b) => a.time - b.time || a.i - b.i);
        } else if (plain.length > 0) assert.equal(heap.pop(), plain.shift()!.i);
        assert.equal(heap.size, plain.length);
      });
    }),
    { seed: 1, numRuns: 500 },
  );
});
