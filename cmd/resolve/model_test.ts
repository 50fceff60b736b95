import assert from "node:assert/strict";
import { embeddedDefaults, embeddedModelConfig } from "../../data/mod.ts";
import { ConfigError, type UsageError } from "../../sim/internal/errors.ts";
import { FakeIo } from "../../tests/cli/fake_io.ts";
import { Diagnostics } from "../diagnostics.ts";
import { openDefaults } from "./defaults_file.ts";
import { type ModelFlags, resolveModel } from "./model.ts";

const FLAGS: ModelFlags = {
  model: "Qwen/Qwen3-14B",
  hardware: "",
  tp: 0,
  vllmVersion: "",
  latencyModel: "roofline",
  blockSizeInTokens: 16,
  gpuMemoryUtilization: 0.9,
  dp: 1,
  enableExpertParallel: false,
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

Deno.test("a model without defaults is told which one may be meant, and what else would do", async () => {
  const meant = /^perhaps --model qwen\/qwen3-14b is meant; else give e.g. --hardware H100 --tp 1$/;
  for (const model of ["qwen/qwen3-14", "someone/qwen3-14b", "qwen3-14b", "Qwen3-14"]) {
    await assert.rejects(resolve({ model }), (error: UsageError) => {
      assert.match(error.message, /^Model ".*" needs --hardware and --tp: no defaults/);
      assert.equal(error.flag, "--model");
      assert.match(error.hint!, meant);
      return true;
    });
  }
  await assert.rejects(resolve({ model: "nosuch", latencyModel: undefined }), {
    flag: "--hardware",
    hint: "e.g. --hardware H100 --tp 1; --alpha-coeffs and --beta-coeffs do without both",
  });
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
    "data/hardware_config.json":
      '{"X1": {"TFlopsPeak": 1, "BwPeakTBs": 1, "mfuPrefill": 1, "mfuDecode": 1, "MemoryGiB": 99}}',
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
    name: "AccessError",
    message: 'Cannot find the config.json of model "no/such": huggingface.co cannot be reached',
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
  assert.match(stderr, /Taking 1000000 KV blocks: Cannot find GPU "G"/);
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

Deno.test("an error in a figure names the file in which it is missing", async () => {
  const lacking = (key: string) => QWEN.replace(`"${key}"`, '"other"');
  const target = { modelConfigFolder: "m", hardwareConfig: "h.json", hardware: "X", tp: 1 };
  const table = { TFlopsPeak: 900, BwPeakTBs: 3, mfuPrefill: 0.5, mfuDecode: 0.5, MemoryGiB: 80 };
  const refusal = async (config: string, gpu: object, flags: Partial<ModelFlags> = {}) => {
    const files = { "m/config.json": config, "h.json": JSON.stringify({ X: gpu }) };
    const error = await resolve({ ...target, ...flags }, files).catch((error) => error);
    assert.ok(error instanceof ConfigError);
    return [error.options.file, error.message, error.options.hint];
  };
  assert.deepEqual(await refusal(lacking("vocab_size"), table), [
    "m/config.json",
    'Cannot compute the KV cache size: config.json has no usable "vocab_size"',
    'add "vocab_size": … to the config.json of the model',
  ]);
  const [file, message] = await refusal(lacking("num_hidden_layers"), table, { totalKvBlocks: 9 });
  assert.equal(file, "m/config.json");
  assert.match(message!, /Cannot use latency model "roofline": .* "num_hidden_layers"/);
  const slow = await refusal(QWEN, { ...table, mfuDecode: 0 });
  assert.deepEqual(slow.slice(0, 1), ["h.json"]);
  assert.match(slow[1]!, /the GPU has no usable "mfuDecode"/);
});

Deno.test("a model that does not fit is told the fewest GPUs of each kind that hold it", async () => {
  const files = {
    "h.json": JSON.stringify({
      small: { MemoryGiB: 24 },
      same: { MemoryGiB: 24 },
      large: { MemoryGiB: 141 },
      tiny: { MemoryGiB: 1 },
      unknown: {},
    }),
  };
  const target = { hardwareConfig: "h.json", tp: 1 };
  await assert.rejects(resolve({ ...target, hardware: "small" }, files), (error: ConfigError) => {
    assert.match(error.message, /^Cannot fit the model on 1 GPU: 27.51 weights/);
    assert.equal(
      error.options.hint,
      "use --tp 2; other GPUs that hold it: 1 x large, 2 x same",
    );
    return true;
  });
  await assert.rejects(resolve({ ...target, hardware: "tiny" }, files), (error: ConfigError) => {
    assert.equal(error.options.hint, "other GPUs that hold it: 1 x large, 2 x small or same");
    return true;
  });
});

Deno.test("dp multiplies the KV blocks of a MoE model and reaches its price", async () => {
  const moe = { model: "mixtral-8x7b-v0.1", hardware: "H100", tp: 2 };
  const one = await resolve({ ...moe, latencyModel: "trained-physics" });
  const two = await resolve({
    ...moe,
    latencyModel: "trained-physics",
    dp: 2,
    enableExpertParallel: true,
    moeCommBackend: "pplx",
  });
  assert.deepEqual([one.dp, two.dp, two.numBlocks], [1, 2, 2 * one.numBlocks]);
  assert.deepEqual(two.latency, { ...one.latency, moeCommBackend: "pplx" });
  assert.equal(two.stderr, "");
});

Deno.test("dp and expert parallelism need a MoE model and a mode that prices them", async () => {
  const physics = { latencyModel: "trained-physics" } as const;
  const refused: [Partial<ModelFlags>, RegExp][] = [
    [{ dp: 2 }, /Cannot use --dp 2 with latency model "roofline"/],
    [{ enableExpertParallel: true }, /Cannot use --enable-expert-parallel with latency model/],
    [{ moeCommBackend: "mori" }, /Cannot use --moe-comm-backend mori with latency model/],
    [{ dp: 2, latencyModel: undefined }, /with latency model "roofline"/],
    [
      { dp: 2, latencyModel: "blackbox", alphaCoeffs: [1, 1, 1], betaCoeffs: [1, 1, 1] },
      /with latency model "blackbox"/,
    ],
    [{ ...physics, dp: 2 }, /Cannot use --dp 2 for "qwen\/qwen3-14b": it is a dense model/],
    [{ ...physics, enableExpertParallel: true }, /"qwen\/qwen3-14b": it has no experts/],
  ];
  for (const [flags, message] of refused) {
    await assert.rejects(resolve(flags), (error: Error) => {
      assert.equal(error.name, "UsageError");
      assert.match(error.message, message);
      return true;
    });
  }
  const dense = await resolve({ ...physics, moeCommBackend: "mori" });
  assert.match(dense.stderr, /--moe-comm-backend has no effect with a dense model/);
  const single = { ...physics, model: "mixtral-8x7b-v0.1", hardware: "H100", tp: 2 };
  const { stderr } = await resolve({ ...single, moeCommBackend: "mori" });
  assert.match(stderr, /--moe-comm-backend has no effect without --dp > 1/);
});

Deno.test("the default mode is noted to be worse only where trained-physics has a price", async () => {
  const { stderr } = await resolve({ latencyModel: undefined });
  assert.match(stderr, /^note: .*roofline.* 52 %.*trained-physics 9 %\n$/);
  const other = { latencyModel: undefined, model: "a/b", hardware: "H100", tp: 1, ...NO_FITS };
  assert.equal((await resolve(other, { ...NO_FITS_FILES, "m/config.json": QWEN })).stderr, "");
});

/** A defaults file without coefficients of trained-physics. */
const NO_FITS = { defaultsFilepath: "d.yaml", modelConfigFolder: "m" };
const NO_FITS_FILES = { "d.yaml": "defaults: {}\n" };
