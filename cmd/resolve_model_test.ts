import assert from "node:assert/strict";
import { embeddedDefaults, embeddedModelConfig } from "../data/mod.ts";
import { FakeIo } from "../tests/cli/fake_io.ts";
import { Diagnostics } from "./diagnostics.ts";
import { openDefaults } from "./defaults_file.ts";
import { type ModelFlags, resolveModel } from "./resolve_model.ts";

const FLAGS: ModelFlags = {
  model: "Qwen/Qwen3-14B",
  hardware: "",
  tp: 0,
  vllmVersion: "",
  latencyModel: "roofline",
  blockSizeInTokens: 16,
  gpuMemoryUtilization: 0.9,
};

async function resolve(changes: Partial<ModelFlags>, files: Record<string, string> = {}) {
  const io = new FakeIo(files);
  const diagnostics = new Diagnostics((text) => io.printError(text));
  const flags = { ...FLAGS, ...changes };
  const defaults = await openDefaults(flags.defaultsFilepath, io);
  const resolved = await resolveModel(flags, defaults, { io, diagnostics });
  return { ...resolved, stderr: io.stderr };
}

const QWEN = (await embeddedModelConfig("qwen3-14b"))!;

Deno.test("GPU and tp come from the flags, else from the defaults of the model", async () => {
  const { model, gpu, tp, numBlocks, maxModelLen, stderr } = await resolve({});
  assert.deepEqual([model, gpu, tp], ["qwen/qwen3-14b", "H100", 1]);
  assert.deepEqual([numBlocks, maxModelLen, stderr], [15909, 40960, ""]);
  assert.deepEqual((await resolve({ tp: 2 })).numBlocks, 89941);
  assert.deepEqual((await resolve({ tp: 8, hardware: "H100" })).numBlocks, 1763547);
  await assert.rejects(resolve({ model: "no/such" }), /needs --hardware and --tp/);
  await assert.rejects(resolve({ model: "no/such", tp: 1 }), /needs --hardware: no defaults/);
});

Deno.test("the model length is capped to what the KV cache holds", async () => {
  const { maxModelLen, stderr } = await resolve({ maxModelLen: 99_999_999 });
  assert.equal(maxModelLen, 254_544);
  assert.match(stderr, /^warning: The model length is 254544 instead of 99999999 tokens/);
  assert.equal((await resolve({ maxModelLen: 0, totalKvBlocks: 10 })).maxModelLen, 0);
  assert.equal((await resolve({ totalKvBlocks: 100 })).maxModelLen, 1600);
});

Deno.test("a folder given wins over files beside the defaults, and these over built-in ones", async () => {
  const files = {
    "mine/config.json": QWEN.replace('"num_hidden_layers": 40', '"num_hidden_layers": 10'),
    "data/defaults.yaml": "defaults: {}\n",
    "data/model_configs/qwen3-14b/config.json": QWEN.replace(
      '"num_hidden_layers": 40',
      '"num_hidden_layers": 20',
    ),
    "data/hardware_config.json": '{"X1": {"TFlopsPeak": 1, "BwPeakTBs": 1, "MemoryGiB": 99}}',
  };
  const beside = { defaultsFilepath: "data/defaults.yaml", hardware: "X1", tp: 1 };
  assert.equal((await resolve(beside, files)).modelConfig.numLayers, 20);
  assert.equal((await resolve(beside, files)).hardware.memoryGiB, 99);
  const given = { ...beside, modelConfigFolder: "mine" };
  assert.equal((await resolve(given, files)).modelConfig.numLayers, 10);
  assert.equal((await resolve({}, files)).modelConfig.numLayers, 40);
  await assert.rejects(
    resolve({ modelConfigFolder: "empty" }, files),
    /Cannot access empty\/config.json/,
  );
  await assert.rejects(resolve({ hardwareConfig: "none.json" }, files), /Cannot access none.json/);
});

Deno.test("a file beside the defaults that is no model config is passed over with a warning", async () => {
  const files = {
    "defaults.yaml": embeddedDefaults(),
    "model_configs/qwen3-14b/config.json": "{}",
  };
  const { modelConfig, stderr } = await resolve({ defaultsFilepath: "defaults.yaml" }, files);
  assert.equal(modelConfig.numLayers, 40);
  assert.match(stderr, /Ignoring model_configs\/qwen3-14b\/config.json/);
});

Deno.test("a model without config is refused, a model id that is a path too", async () => {
  const target = { hardware: "H100", tp: 1 };
  await assert.rejects(resolve({ ...target, model: "no/such" }), {
    name: "UsageError",
    message: 'Cannot find the config.json of model "no/such"',
  });
  for (const model of ["a/../../etc", "a//etc", "a/"]) {
    await assert.rejects(resolve({ ...target, model }), /it must be no path/);
  }
});

Deno.test("coefficients come from the flags, else from the defaults file", async () => {
  const physics = await resolve({ latencyModel: "trained-physics" });
  assert.ok("beta" in physics.latency && physics.latency.beta.length === 11);
  const given = { alphaCoeffs: [1, 2, 3], betaCoeffs: [4, 5, 6] };
  const blackbox = await resolve({ ...given, latencyModel: undefined });
  assert.deepEqual(blackbox.latency, { mode: "blackbox", alpha: [1, 2, 3], beta: [4, 5, 6] });
  await assert.rejects(
    resolve({ ...given, latencyModel: "trained-physics" }),
    /needs 7 beta coefficients >= 0, got 3/,
  );
  await assert.rejects(
    resolve({ latencyModel: "blackbox", model: "qwen/qwen3-30b-a3b" }),
    /Latency model "blackbox" has no coefficients for model/,
  );
});

Deno.test("blackbox takes the first fit of its model, GPU, tp and vLLM version", async () => {
  const files = {
    "d.yaml": [
      "defaults:",
      "  a/b: {GPU: G, tensor_parallelism: 2, vllm_version: v2}",
      "models:",
      "- {id: a/b, GPU: G, tensor_parallelism: 2, vllm_version: v1, alpha_coeffs: [1, 1, 1], beta_coeffs: [1, 1, 1]}",
      "- {id: a/b, GPU: G, tensor_parallelism: 2, vllm_version: v2, alpha_coeffs: [2, 2, 2], beta_coeffs: [2, 2, 2]}",
      "- {id: a/b, GPU: G, tensor_parallelism: 2, vllm_version: v2, alpha_coeffs: [3, 3, 3], beta_coeffs: [3, 3, 3]}",
    ].join("\n"),
  };
  const flags = { model: "a/b", latencyModel: "blackbox", defaultsFilepath: "d.yaml" } as const;
  const { latency, numBlocks, maxModelLen, stderr } = await resolve(flags, files);
  assert.deepEqual(latency, { mode: "blackbox", alpha: [2, 2, 2], beta: [2, 2, 2] });
  assert.deepEqual([numBlocks, maxModelLen], [1_000_000, 0]);
  assert.match(stderr, /Taking 1000000 KV blocks: Cannot find the config.json/);
  const older = await resolve({ ...flags, vllmVersion: "v1" }, files);
  assert.deepEqual(older.latency, { mode: "blackbox", alpha: [1, 1, 1], beta: [1, 1, 1] });
});

Deno.test("the defaults file is strict, and complete only if all of it is right", async () => {
  const files = { "d.yaml": "version: 1\nworkloads:\n  a: {prompt_token: 5}\n" };
  await assert.rejects(
    resolve({ defaultsFilepath: "d.yaml" }, files),
    /Unknown key "prompt_token" in workloads.a/,
  );
  await assert.rejects(resolve({ defaultsFilepath: "none.yaml" }), /Cannot access none.yaml/);
});
