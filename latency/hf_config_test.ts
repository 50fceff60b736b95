import assert from "node:assert/strict";
import { embeddedModelConfig, embeddedModels } from "../data/mod.ts";
import { modelConfig } from "../sim/model.ts";
import { isModelConfig, readModelFile } from "./hf_config.ts";

const BASE = {
  num_hidden_layers: 2,
  hidden_size: 64,
  num_attention_heads: 4,
  torch_dtype: "bfloat16",
};

function read(config: Record<string, unknown>, name = "org/model") {
  return readModelFile(JSON.stringify({ ...BASE, ...config }), name, "config.json");
}

Deno.test("every embedded config describes a model without warnings", async () => {
  for (const name of embeddedModels()) {
    const text = (await embeddedModelConfig(name))!;
    assert.ok(isModelConfig(text));
    const { model, maxModelLen, uncountable } = readModelFile(text, name, name);
    assert.deepEqual(modelConfig.parse(model), model);
    assert.ok(model.numLayers > 0 && model.bytesPerParam > 0 && maxModelLen > 0, name);
    assert.equal(uncountable, "");
  }
});

Deno.test("text_config overrides the top level", () => {
  const { model } = read({ hidden_size: 1, text_config: { hidden_size: 128, vocab_size: 9 } });
  assert.equal(model.hiddenSize, 128);
  assert.equal(model.vocabSize, 9);
  assert.equal(model.numLayers, 2);
});

Deno.test("only JSON numbers count, truncated; the first key that is not 0 wins", () => {
  const { model } = read({
    vocab_size: "100",
    intermediate_size: 0,
    ffn_hidden_size: 12.9,
    num_key_value_heads: null,
    multi_query_group_num: 2,
  });
  assert.equal(model.vocabSize, 0);
  assert.equal(model.intermediateSize, 12);
  assert.equal(model.numKvHeads, 2);
  assert.equal(read({}).model.numKvHeads, 4);
});

Deno.test("the number of experts is the first of its keys that is at least 2", () => {
  assert.equal(read({ num_experts: 1, num_local_experts: 8 }).model.numExperts, 8);
  assert.equal(read({ num_local_experts: 1 }).model.numExperts, 0);
});

Deno.test("shared experts are as wide as they say, else as their number times one expert", () => {
  const width = (config: Record<string, unknown>) =>
    read({ intermediate_size: 100, ...config }).model.sharedExpertIntermediateSize;
  assert.equal(width({ shared_expert_intermediate_size: 7, n_shared_experts: 2 }), 7);
  assert.equal(width({ n_shared_experts: 2, moe_intermediate_size: 30 }), 60);
  assert.equal(width({ n_shared_experts: 2 }), 200);
  assert.equal(width({}), 0);
});

Deno.test("quantization tells the width of the weights", () => {
  const bytes = (quantization_config: unknown) =>
    read({ quantization_config }).model.weightBytesPerParam;
  assert.equal(bytes({ bits: 4 }), 0.5);
  assert.equal(bytes({ bits: "+8" }), 1);
  assert.equal(bytes({ bits: "8 bit", quant_method: "FP8" }), 1);
  const groups = (a: unknown, b: unknown) => ({
    quant_method: "compressed-tensors",
    config_groups: {
      group_2: { weights: { num_bits: b } },
      group_10: { weights: { num_bits: a } },
    },
  });
  assert.equal(bytes(groups(2.5, 8)), 0.3125);
  assert.equal(bytes(groups("4", 8)), 1);
  assert.equal(bytes({ quant_method: "awq" }), 0);
});

Deno.test("the name tells the width of the weights where the file does not", () => {
  assert.equal(read({}, "RedHatAI/Model-quantized.w4a16").model.weightBytesPerParam, 0.5);
  assert.equal(read({}, "org/model-FP8-dynamic").model.weightBytesPerParam, 1);
  const stated = read({ quantization_config: { bits: 8 } }, "org/model-w4a16");
  assert.equal(stated.model.weightBytesPerParam, 1);
});

Deno.test("what had to be guessed is warned of", () => {
  assert.deepEqual(read({}).warnings, []);
  assert.deepEqual(read({ quantization_config: {} }).warnings, [
    'Cannot tell the width of the weights from "quantization_config": taking the dtype',
  ]);
  assert.equal(read({ torch_dtype: "int8" }).warnings.length, 1);
  const rope = (rope_scaling: unknown) =>
    read({ max_position_embeddings: 10, rope_scaling }).warnings.length;
  assert.equal(rope("x"), 1);
  assert.equal(rope({ type: "su", factor: 2 }), 1);
  assert.equal(rope({ type: "linear", factor: 2 }), 0);
});

Deno.test("a MoE model without a number of experts cannot be counted", () => {
  assert.equal(
    read({ num_experts_per_tok: 2 }).uncountable,
    'the model looks like a MoE ("num_experts_per_tok" is 2) but states no experts',
  );
});

Deno.test("text that is no JSON object, and negative widths, are refused with the file", () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(() => readModelFile(text, "m", "x/config.json"), {
      name: "ConfigError",
      message,
      options: { file: "x/config.json" },
    });
  refused("{", /^Cannot read the model config as JSON: /);
  refused("[]", /^Cannot use the model config: it must be a JSON object$/);
  assert.throws(() => read({ head_dim: -1 }), {
    message: 'Cannot use -1 for "head_dim": it must be >= 0',
  });
});

Deno.test("a config.json of something else is told apart", () => {
  assert.ok(isModelConfig('{"text_config":{"hidden_size":null}}'));
  assert.ok(!isModelConfig('{"text_config":[],"model_type":"x"}'));
  assert.ok(!isModelConfig("{"));
});
