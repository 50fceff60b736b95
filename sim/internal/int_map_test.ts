import assert from "node:assert/strict";
import fc from "fast-check";
import { IntMap } from "./int_map.ts";

Deno.test("IntMap behaves as a Map of integers under any sequence of operations", () => {
  const op = fc.tuple(fc.constantFrom("set", "delete", "get"), fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(fc.array(op, { maxLength: 400 }), (ops) => {
      const map = new IntMap();
      const plain = new Map<number, number>();
      ops.forEach(([kind, key], value) => {
        if (kind === "set") map.set(key, value), plain.set(key, value);
        else if (kind === "delete") map.delete(key), plain.delete(key);
        assert.equal(map.get(key), plain.get(key) ?? -1);
        assert.equal(map.size, plain.size);
      });
      for (let key = 1; key <= 60; key++) assert.equal(map.get(key), plain.get(key) ?? -1);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("a cleared IntMap is empty and takes new entries", () => {
  const map = new IntMap();
  for (let key = 1; key <= 100; key++) map.set(key, key * 2);
  map.clear();
  assert.equal(map.size, 0);
  for (let key = 1; key <= 100; key++) assert.equal(map.get(key), -1);
  map.set(7, 3);
  assert.deepEqual([map.size, map.get(7), map.get(8)], [1, 3, -1]);
});
