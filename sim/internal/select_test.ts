import assert from "node:assert/strict";
import fc from "fast-check";
import { selectInPlace } from "./select.ts";

Deno.test("selectInPlace puts what a sort would put at k, and parts the rest around it", () => {
  const list = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(), (numbers, a, b) => {
      const sorted = Float64Array.from(numbers).sort();
      const values = Float64Array.from(numbers);
      const first = a % numbers.length;
      const second = first + b % (numbers.length - first);
      selectInPlace(values, first, 0);
      selectInPlace(values, second, first);
      assert.equal(values[first], sorted[first]);
      assert.equal(values[second], sorted[second]);
      for (const value of values.subarray(0, second)) assert.ok(value <= sorted[second]!);
      assert.deepEqual(values.toSorted(), sorted);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
