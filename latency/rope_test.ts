import assert from "node:assert/strict";
import fc from "fast-check";
import { ropeMaxModelLen } from "./rope.ts";

function lengthOf(ropeScaling: unknown, modelType = "llama") {
  return ropeMaxModelLen({ maxPositionEmbeddings: 1000, modelType, ropeScaling });
}

Deno.test("a rope factor lengthens the sequence, truncated", () => {
  assert.deepEqual(lengthOf({ type: "linear", factor: 2.0009 }), { tokens: 2000, scaled: true });
  assert.deepEqual(lengthOf({ factor: 4 }), { tokens: 4000, scaled: true });
});

Deno.test("yarn scales the original length", () => {
  const yarn = { rope_type: "yarn", factor: 4, original_max_position_embeddings: 300.7 };
  assert.deepEqual(lengthOf(yarn), { tokens: 1200, scaled: true });
});

Deno.test("lengths that are scaled already stay", () => {
  for (const type of ["su", "longrope", "llama3"]) {
    assert.deepEqual(lengthOf({ rope_type: type, factor: 8 }), { tokens: 1000, scaled: false });
  }
  assert.equal(lengthOf({ factor: 8 }, "gemma3_text").scaled, false);
});

Deno.test("without yarn a scaled sequence is never shorter", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (factor) => {
      const { tokens, scaled } = lengthOf({ type: "dynamic", factor });
      assert.equal(scaled, factor > 1 && factor * 1000 < 2 ** 63);
      assert.ok(tokens >= 1000);
    }),
    { seed: 1 },
  );
});
