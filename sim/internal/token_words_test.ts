import assert from "node:assert/strict";
import fc from "fast-check";
import { LARGEST_TOKEN_DRAW, skipTokenWords } from "./token_words.ts";

const LENGTH = 607;
const TAP_TO_FEED = 607 - 273;

/** The same in 64-bit integers, one word after the other. */
function skipOneByOne(state: Int32Array, tap: number, count: number): number {
  const words = new BigUint64Array(state.buffer);
  while (count > 0) {
    tap = (tap + LENGTH - 1) % LENGTH;
    const feed = (tap + TAP_TO_FEED) % LENGTH;
    words[feed]! += words[tap]!;
    if (Number((words[feed]! >> 32n) & 0x7fffffffn) <= LARGEST_TOKEN_DRAW) count--;
  }
  return tap;
}

/** A seeded state rejects one draw in 77,000; of this one's first draws about a third are rejected. */
const oftenRejecting = fc.array(fc.constantFrom(0, 0, 0, 0x7fffffff, -1, LARGEST_TOKEN_DRAW), {
  minLength: LENGTH,
  maxLength: LENGTH,
}).map((highs) =>
  Int32Array.from({ length: 2 * LENGTH }, (_, i) => i % 2 === 0 ? 0 : highs[i >> 1]!)
);

const anyState = fc.array(fc.integer(), { minLength: 2 * LENGTH, maxLength: 2 * LENGTH })
  .map((halves) => Int32Array.from(halves));

Deno.test("skipping in bulk leaves the words and the index that drawing one by one leaves", () => {
  const tap = fc.nat(LENGTH - 1);
  fc.assert(
    fc.property(fc.oneof(oftenRejecting, anyState), tap, fc.nat(2500), (state, tap, count) => {
      const expected = state.slice();
      const expectedTap = skipOneByOne(expected, tap, count);
      assert.equal(skipTokenWords(state, tap, count), expectedTap);
      assert.deepEqual(state, expected);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("a draw just above the largest token draw is taken again, the largest is not", () => {
  const wordsFor = (count: number, firstHigh: number) => {
    const state = new Int32Array(2 * LENGTH);
    state[2 * (LENGTH - 1) + 1] = firstHigh;
    return LENGTH - skipTokenWords(state, 0, count);
  };
  // An odd count begins with a word on its own, an even one with a pair.
  for (const count of [1, 2]) {
    assert.equal(wordsFor(count, LARGEST_TOKEN_DRAW), count);
    assert.equal(wordsFor(count, LARGEST_TOKEN_DRAW + 1), count + 1);
  }
});
