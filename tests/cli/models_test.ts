import assert from "node:assert/strict";
import { embeddedModelConfig, embeddedModels } from "../../data/mod.ts";
import { blisLine, FakeIo } from "./fake_io.ts";

async function stdoutOf(line: string, files: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await blisLine(line, new FakeIo(files));
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("models lists every model that is built in, under the id that a run takes", async () => {
  const { code, stdout, stderr, io } = await blisLine("models");
  assert.deepEqual([code, stderr, io.kept], [0, "", []]);
  const [header, ...lines] = stdout.trimEnd().split("\n");
  assert.match(header!, /^model +kind +parameters/);
  assert.equal(lines.length, embeddedModels().length);
  assert.match(stdout, /^qwen\/qwen3-14b +dense +14\.77 +27\.51 +40960 +1 x H100$/m);
  assert.match(stdout, /^mixtral-8x7b-v0\.1 +MoE, 2 of 8 experts +46\.70 +86\.99 +32768 +-$/m);
  const { models } = JSON.parse(await stdoutOf("models --output json"));
  assert.equal(models.length, embeddedModels().length);
  assert.ok(models.every((model: { parameters: number }) => model.parameters > 1e9));
});

Deno.test("models show tells size, GPUs and step times", async () => {
  const stdout = await stdoutOf("models show Qwen/Qwen3-14B --hardware H100 --tp 2");
  assert.match(stdout, /^qwen\/qwen3-14b on 2 x H100$/m);
  assert.match(stdout, /^parameters \(10\^9\) +14\.77$/m);
  assert.match(stdout, /^KV of a token +81920 bytes a GPU$/m);
  assert.match(stdout, /^KV blocks +89941 of 16 tokens/m);
  assert.match(stdout, /^H100 +1 +15909$/m);
  assert.match(stdout, /^prefill 2048 +46\.32 .* 11\.72$/m);
  assert.doesNotMatch(stdout, /Not known/);
});

Deno.test("models show as JSON has the figures in base units", async () => {
  const line = "models show --model qwen/qwen3-14b --output json --hardware H100 --tp 1";
  const shown = JSON.parse(await stdoutOf(line));
  assert.equal(shown.weight_bytes, 2 * shown.parameters);
  assert.equal(shown.kv_blocks, 15909);
  const prefill = shown.steps.find((step: { prompt_tokens: number }) =>
    step.prompt_tokens === 2048
  );
  assert.deepEqual(
    [prefill.step_us.roofline, prefill.step_us["trained-physics"], prefill.step_us.crossmodel],
    [92635, 21274, 4644],
  );
  assert.ok(shown.steps[0].step_us.blackbox > 0);
  assert.deepEqual(shown.problems, []);
});

Deno.test("models show says what does not follow, and shows the rest", async () => {
  const config = (await embeddedModelConfig("qwen3-14b"))!;
  const files = { "m/config.json": config.replace("silu", "relu"), "e/config.json": "{}" };
  const relu = await stdoutOf("models show a/b --model-config-folder m", files);
  assert.match(relu, /^a\/b on 1 x H100$/m);
  assert.match(relu, /^KV blocks +-$/m);
  assert.match(relu, /^- Cannot compute the KV cache size: "hidden_act" is "relu"/m);
  assert.match(relu, /^decode 1 x 1024 +5\.81 /m);
  const empty = await stdoutOf("models show a/b --model-config-folder e", files);
  assert.match(empty, /^Step time in ms\n-$/m);
  assert.match(
    empty,
    /^- Cannot use latency model "roofline": config.json has no usable "num_att/m,
  );
  assert.doesNotMatch(empty, /Fewest GPUs/);
  const large = await stdoutOf("models show llama-3.1-70b-instruct --hardware L40S");
  assert.match(large, /^llama-3\.1-70b-instruct on 4 x L40S$/m);
});

Deno.test("models takes no model, but says where one is shown", async () => {
  const { code, stderr } = await blisLine("models qwen/qwen3-14b");
  assert.equal(code, 2);
  assert.match(stderr, /Unknown command "qwen\/qwen3-14b" for blis models\nhint: commands: show/);
  const help = await stdoutOf("models --help");
  assert.match(help, /blis models show qwen\/qwen3-14b/);
  assert.equal((await blisLine("models show")).code, 2);
});

Deno.test("hardware lists the GPUs and marks estimates", async () => {
  const builtIn = await stdoutOf("hardware");
  assert.match(builtIn, /^H100 +989\.5 +1979 +3\.35 +0\.45 +0\.3 +80/m);
  const table = {
    real: { TFlopsPeak: 10, BwPeakTBs: 2, MemoryGiB: 24 },
    planned: { TFlopsPeak: 20, mfuDecode: 0.5, estimated: ["tflopspeak", "mfuDecode"] },
    _comment: "no GPU",
  };
  const files = { "h.json": JSON.stringify(table) };
  const stdout = await stdoutOf("hardware --hardware-config h.json", files);
  assert.match(stdout, /^real +10 +- +2 +- +- +24$/m);
  assert.match(stdout, /^planned +20\* +- +- +- +0\.5\* +-$/m);
  assert.match(stdout, /^\* estimate$/m);
  const { gpus } = JSON.parse(
    await stdoutOf("hardware --hardware-config h.json --output json", files),
  );
  assert.equal(gpus.length, 2);
  assert.deepEqual(gpus[1].estimated, ["tflops_peak", "mfu_decode"]);
  assert.equal(gpus[0].mfu_prefill, null);
});
