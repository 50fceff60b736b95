import assert from "node:assert/strict";
import { deploymentWith } from "../tests/fixtures/deployments.ts";

Deno.test("a model length that the KV cache cannot hold is refused, since its request would never end", () => {
  const withLength = (maxModelLen: number) =>
    deploymentWith({ instance: { maxModelLen, numBlocks: 10, blockSize: 16 } });
  assert.equal(withLength(160).instance.maxModelLen, 160);
  assert.equal(withLength(0).instance.maxModelLen, 0, "unlimited");
  assert.throws(() => withLength(161), /161 tokens do not fit into 10 KV blocks of 16/);
});
