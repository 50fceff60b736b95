import assert from "node:assert/strict";
import fc from "fast-check";
import { embeddedModelConfig } from "../data/mod.ts";
import type { ConfigError } from "../sim/internal/errors.ts";
import { DENSE_MODEL, denseModels, H100, moeModels } from "../tests/fixtures/models.ts";
import { readModelFile } from "./hf_config.ts";
import {
  capModelLen,
  kvBytesPerToken,
  numKvBlocks,
  smallestTp,
  weightBytes,
} from "./kv_capacity.ts";

const BUDGET = { hardware: H100, tp: 1, dp: 1, blockSize: 16, gpuMemoryUtilization: 0.9 };

async function shipped(name: string) {
  return readModelFile((await embeddedModelConfig(name))!, name, name).model;
}

/** The number of blocks, 0 where the model does not fit. */
function blocksOf(...args: Parameters<typeof numKvBlocks>): number {
  try {
    return numKvBlocks(...args);
  } catch (error) {
    if ((error as Error).message.startsWith("Cannot fit")) return 0;
    throw error;
  }
}

Deno.test("shipped models get the blocks that the reference computes on an H100", async () => {
  const blocks = async (name: string, tp: number) =>
    numKvBlocks(await shipped(name), { ...BUDGET, tp });
  assert.equal(await blocks("qwen3-14b", 1), 15909);
  assert.equal(await blocks("mixtral-8x7b-v0.1", 2), 48956);
  assert.equal(await blocks("deepseek-v2-lite", 1), 74312);
  assert.equal(await blocks("llama-4-scout-17b-16e-instruct-fp8-dynamic", 2), 27345);
  assert.equal(await blocks("qwen2.5-7b-instruct", 4), 1244786);
});

Deno.test("a model that does not fit is refused with the tp that would do", async () => {
  const model = await shipped("llama-3.1-70b-instruct");
  assert.throws(() => numKvBlocks(model, BUDGET), (error: ConfigError) => {
    assert.equal(
      error.message,
      "Cannot fit the model on 1 GPU: 131.42 weights + 5.50 activations + 0.15 other " +
        "leave no KV block in 72.00 GiB",
    );
    assert.equal(error.options.hint, "use --tp 2, or a GPU with more memory");
    return true;
  });
  assert.equal(smallestTp(model, BUDGET), 2);
  assert.ok(numKvBlocks(model, { ...BUDGET, tp: 2 }) > 0);
});

Deno.test("no tp helps where the GPUs hold less than their own overhead", () => {
  const hardware = { ...H100, memoryGiB: 0.5 };
  assert.equal(smallestTp(DENSE_MODEL, { ...BUDGET, hardware }), 0);
});

Deno.test("larger blocks are never more, and more memory is never fewer blocks", () => {
  fc.assert(
    fc.property(
      fc.oneof(denseModels, moeModels).map((model) => ({ ...model, headDim: 64 })),
      fc.integer({ min: 1, max: 64 }),
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      (model, blockSize, gpuMemoryUtilization) => {
        const budget = { ...BUDGET, tp: 2, blockSize, gpuMemoryUtilization };
        const blocks = blocksOf(model, budget);
        assert.ok(blocksOf(model, { ...budget, blockSize: blockSize + 1 }) <= blocks);
        assert.ok(blocksOf(model, { ...budget, gpuMemoryUtilization: 1 }) >= blocks);
      },
    ),
    { seed: 1 },
  );
});

Deno.test("replicas of a MoE model add their blocks", () => {
  const moe = { ...DENSE_MODEL, numExperts: 8, numExpertsPerTok: 2 };
  assert.equal(numKvBlocks(moe, { ...BUDGET, dp: 4 }), 4 * numKvBlocks(moe, BUDGET));
});

Deno.test("KV is split over GPUs, but the latent of MLA is on each", () => {
  assert.equal(kvBytesPerToken(DENSE_MODEL, 1), 4 * 2 * 128 * 2 * 2);
  assert.equal(kvBytesPerToken(DENSE_MODEL, 2), 4 * 2 * 128 * 2);
  const mla = { ...DENSE_MODEL, kvLoraRank: 512, qkRopeHeadDim: 64 };
  assert.equal(kvBytesPerToken(mla, 4), 4 * 576 * 2);
});

Deno.test("heads that no split or width fits are refused", () => {
  assert.throws(() => kvBytesPerToken({ ...DENSE_MODEL, numKvHeads: 8 }, 3), {
    message: "Cannot split 8 key-value heads evenly over 3 GPUs",
  });
  assert.equal(kvBytesPerToken({ ...DENSE_MODEL, numKvHeads: 2 }, 4), 1024);
  assert.throws(() => kvBytesPerToken({ ...DENSE_MODEL, hiddenSize: 1023 }, 1), {
    message: "Cannot compute the KV cache size: " +
      '"num_attention_heads" 8 does not divide "hidden_size" 1023',
  });
});

Deno.test("weights that cannot be counted are refused", () => {
  assert.throws(() => numKvBlocks({ ...DENSE_MODEL, hiddenAct: "gelu" }, BUDGET), {
    message: "Cannot compute the KV cache size: " +
      '"hidden_act" is "gelu", not one of silu, swiglu, geglu, situ',
  });
  assert.throws(() => numKvBlocks({ ...DENSE_MODEL, vocabSize: 0 }, BUDGET), {
    message: 'Cannot compute the KV cache size: config.json has no usable "vocab_size"',
  });
  const hardware = { ...H100, memoryGiB: 0 };
  assert.throws(() => numKvBlocks(DENSE_MODEL, { ...BUDGET, hardware }), {
    message: 'Cannot compute the KV cache size: the GPU has no usable "MemoryGiB"',
  });
});

Deno.test("tied embeddings and quantized weights take less", () => {
  const tied = { ...DENSE_MODEL, tieWordEmbeddings: true };
  assert.equal(weightBytes(DENSE_MODEL) - weightBytes(tied), 2 * 1000 * 1024);
  const quantized = { ...DENSE_MODEL, weightBytesPerParam: 0.5 };
  assert.equal(weightBytes(quantized) * 4, weightBytes(DENSE_MODEL));
});

Deno.test("the sequence length is capped to what all blocks hold", () => {
  assert.equal(capModelLen(100, 7, 16), 100);
  assert.equal(capModelLen(113, 7, 16), 112);
  assert.equal(capModelLen(0, 7, 16), 0);
});
