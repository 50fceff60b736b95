import assert from "node:assert/strict";
import { z } from "zod";
import { parseDocument } from "../../sim/internal/document.ts";
import { blisLine, FakeIo } from "./fake_io.ts";

const CHAT = `version: "2"
seed: 7
category: language
aggregate_rate: 6
num_requests: 40
clients:
  - id: chat
    slo_class: standard
    rate_fraction: 1
    arrival: { process: poisson }
    input_distribution: { type: constant, params: { value: 100 } }
    output_distribution: { type: constant, params: { value: 20 } }
`;
const BATCH = CHAT.replace("id: chat", "id: batch").replace("rate: 6", "rate: 2")
  .replace("standard", "batch");
const BLOCK = `version: "2"
seed: 9223372036854775807
num_requests: 30
inference_perf:
  stages: [{ rate: 5, duration: 3 }, { rate: 2, duration: 10 }]
  shared_prefix:
    num_unique_system_prompts: 2
    num_users_per_system_prompt: 1
    system_prompt_len: 30
    question_len: 10
    output_len: 5
`;
const SERVEGEN = {
  "data/chunk-0-trace.csv": [0, 600, 1200, 28800, 29400, 30000, 50400, 51000, 51600]
    .map((start) => `${start},3,2,Gamma,0.25,1.2\n`).join(""),
  "data/chunk-0-dataset.json": JSON.stringify({
    0: { input_tokens: "{100: 0.5, 300: 0.5}", output_tokens: "{20: 0.7, 60: 0.3}" },
  }),
  "data/notes.txt": "not read",
};
const FILES = { "chat.yaml": CHAT, "batch.yaml": BATCH, "block.yaml": BLOCK, ...SERVEGEN };
const RUN = "run --model qwen/qwen3-14b --latency-model roofline";

interface Printed {
  readonly seed: unknown;
  readonly aggregate_rate: number;
  readonly num_requests?: number;
  readonly clients: readonly Record<string, unknown>[];
  readonly cohorts?: readonly Record<string, unknown>[];
}

async function printed(line: string): Promise<{ spec: Printed; stderr: string; text: string }> {
  const { code, stdout, stderr } = await blisLine(line, new FakeIo(FILES));
  assert.equal(code, 0, stderr);
  const spec = parseDocument(stdout, "stdout").decode(z.unknown()) as Printed;
  return { spec, stderr, text: stdout };
}

Deno.test("convert preset prints a workload with the lengths of the preset", async () => {
  const { spec, stderr } = await printed("convert preset --name chatbot --rate 10");
  assert.equal(stderr, "");
  assert.equal(spec.aggregate_rate, 10);
  assert.equal(spec.num_requests, 100);
  const [client] = spec.clients;
  assert.equal(client!.id, "preset-chatbot");
  assert.deepEqual(client!.input_distribution, {
    type: "gaussian",
    params: { mean: 256, std_dev: 100, min: 2, max: 800 },
  });
});

Deno.test("a scenario has a name like a preset, for convert and for run", async () => {
  const { spec, text } = await printed("convert preset --name unfair --rate 20 --num-requests 50");
  assert.deepEqual(spec.clients.map(({ slo_class }) => slo_class), ["batch", "critical"]);
  assert.equal(spec.num_requests, 50);
  const flags = "--seed 0 --timeout -1";
  const byName = await blisLine(`${RUN} --workload unfair --rate 20 --num-requests 50 ${flags}`);
  const byFile = await blisLine(
    `${RUN} --workload-spec u.yaml ${flags}`,
    new FakeIo({ "u.yaml": text }),
  );
  assert.equal(byName.code, 0, byName.stderr);
  assert.equal(byName.stdout, byFile.stdout);
});

Deno.test("a preset of one's own defaults file wins over a scenario of its name", async () => {
  const io = new FakeIo({
    "d.yaml": "workloads: {bursty: {prompt_tokens: 5, prompt_tokens_min: " +
      "5, prompt_tokens_max: 5, output_tokens: 3, output_tokens_min: 3, output_tokens_max: 3}}\n",
  });
  const { stdout } = await blisLine("convert preset --name bursty --defaults-filepath d.yaml", io);
  assert.match(stdout, /id: preset-bursty/);
});

Deno.test("convert servegen prints cohorts, and one period of them if asked", async () => {
  const { spec } = await printed("convert servegen --path data");
  assert.equal(spec.seed, 42);
  assert.equal(spec.aggregate_rate, 0);
  assert.deepEqual(spec.cohorts!.map(({ id }) => id), [
    "midnight-critical",
    "morning-critical",
    "afternoon-critical",
  ]);
  const { spec: one, stderr } = await printed(
    "convert servegen --path data/ --window-duration-seconds 60 --drain-timeout-seconds 5 " +
      "--time afternoon",
  );
  assert.deepEqual(one.cohorts!.map(({ spike }) => spike), [
    { start_time_us: 130_000_000, duration_us: 60_000_000, trace_rate: 3 },
  ]);
  assert.match(stderr, /Nothing arrives in the first 130 s/);
});

Deno.test("a spec with servegen_data runs as its conversion does", async () => {
  const { text } = await printed("convert servegen --path data --window-duration-seconds 60");
  const named = 'version: "2"\nseed: 42\nservegen_data: {path: data, window_duration_secs: 60, ' +
    "drain_timeout_secs: 180}\n";
  const files = { ...FILES, "named.yaml": named, "converted.yaml": text };
  const outputOf = async (spec: string, more: Record<string, string> = {}) => {
    const line = `${RUN} --num-requests 60 --workload-spec ${spec}`;
    const { code, stdout, stderr } = await blisLine(line, new FakeIo({ ...files, ...more }));
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const expected = await outputOf("converted.yaml");
  assert.equal(await outputOf("named.yaml"), expected);
  // A folder beside the file comes first, else the one below the current folder.
  assert.equal(await outputOf("sub/named.yaml", { "sub/named.yaml": named }), expected);
  const beside = Object.fromEntries(
    Object.entries(SERVEGEN).map(([path, content]) => [
      `sub/${path}`,
      path.endsWith(".csv") ? content.replaceAll(",3,", ",9,") : content,
    ]),
  );
  const other = await outputOf("sub/named.yaml", { "sub/named.yaml": named, ...beside });
  assert.notEqual(other, expected);
  assert.notEqual(await outputOf("named.yaml --seed 5"), expected);
});

Deno.test("convert inference-perf prints the clients and says what they cannot state", async () => {
  const { spec, stderr, text } = await printed("convert inference-perf --spec block.yaml");
  assert.match(text, /^seed: 9223372036854775807$/m);
  assert.equal(spec.clients.length, 4);
  assert.equal(spec.aggregate_rate, 7);
  assert.match(stderr, /Left out of block\.yaml: num_requests\n/);
  assert.match(stderr, /send 7 requests\/s in every stage[^]*hint: run the block itself/);
  const io = new FakeIo({ "s.yaml": BLOCK.replace(", { rate: 2, duration: 10 }", "") });
  const single = await blisLine("convert inference-perf --spec s.yaml", io);
  assert.match(single.stderr, /send 5 requests\/s without an end, not 15 requests in 3 s/);
});

Deno.test("compose adds up the rates and lets each client keep its part", async () => {
  const { spec, stderr } = await printed("compose --from chat.yaml --from batch.yaml");
  assert.equal(spec.aggregate_rate, 8);
  assert.deepEqual(spec.clients.map(({ id, rate_fraction }) => [id, rate_fraction]), [
    ["chat", 0.75],
    ["batch", 0.25],
  ]);
  assert.equal(spec.seed, 0);
  assert.match(stderr, /Left out of chat\.yaml: seed, num_requests\n/);
});

Deno.test("compose says where fractions do not add up to 1", async () => {
  const files = { ...FILES, "two.yaml": CHAT.replace("fraction: 1", "fraction: 3") };
  const line = "compose --from two.yaml";
  const { stderr } = await blisLine(`${line} --from batch.yaml`, new FakeIo(files));
  assert.match(stderr, /fractions of two\.yaml add up to 3, not 1: its clients get more/);
  const alone = await blisLine(line, new FakeIo(files));
  assert.doesNotMatch(alone.stderr, /add up to/);
});

/** Command lines that are refused, and what is said. */
const REJECTED: Readonly<Record<string, RegExp>> = {
  "convert preset": /--name is required/,
  "convert preset --name nope": /Cannot use "nope" for --name: it must be one of chatbot,/,
  "convert preset --name chatbto": /did you mean "chatbot"\?/,
  "convert preset --name chatbot --rate 0": /Cannot use 0 for --rate: it must be > 0/,
  "convert preset --name chatbot --num-requests 0": /Cannot use 0 for --num-requests/,
  "convert preset --name chatbot --defaults-filepath none.yaml": /Cannot access none\.yaml/,
  "convert preset chatbot": /Unexpected argument "chatbot"/,
  "convert servegen": /--path is required/,
  "convert servegen --path none": /Cannot access none: no such file or folder/,
  "convert servegen --path empty": /Found no chunk-\*-trace\.csv in empty/,
  "convert servegen --path half": /Cannot access half\/chunk-1-dataset\.json/,
  "convert servegen --path data --time noon": /Cannot use "noon" for --time/,
  "convert servegen --path data --window-duration-seconds 0": /--window-duration-seconds/,
  "convert servegen --path data --drain-timeout-seconds -1": /--drain-timeout-seconds/,
  "convert servegen --path morning --time midnight": /Found no cohort in the midnight/,
  "convert inference-perf": /--spec is required/,
  "convert inference-perf --spec none.yaml": /Cannot access none\.yaml/,
  "convert inference-perf --spec chat.yaml": /Found no inference_perf block in chat\.yaml/,
  "convert inference-perf --spec typo.yaml": /Unknown key "cleints"[^]*--> typo\.yaml:1:1/,
  "compose": /--from is required/,
  "compose --from none.yaml": /Cannot access none\.yaml/,
  "compose --from block.yaml": /Found no client[^]*--> the composed workload:1:1/,
  "compose --from chat.yaml --from unclassed.yaml":
    /Found no slo_class here[^]*--> the composed workload:\d+:\d+/,
  "convert nonsense": /Unknown command "nonsense" for blis convert/,
};

Deno.test("what cannot be converted is refused with code 2 and an empty stdout", async () => {
  const files = {
    ...FILES,
    "typo.yaml": "cleints: []\n",
    "unclassed.yaml": BATCH.replace("    slo_class: batch\n", ""),
    "half/chunk-1-trace.csv": "0,1,1,\n",
    "morning/chunk-0-trace.csv": "28800,1,1,Gamma,1,1\n29400,1,1,Gamma,1,1\n30000,1,1,Gamma,1,1\n",
    "morning/chunk-0-dataset.json": SERVEGEN["data/chunk-0-dataset.json"],
  };
  for (const [line, message] of Object.entries(REJECTED)) {
    const { code, stdout, stderr } = await blisLine(line, new FakeIo(files, ["empty"]));
    assert.equal(code, 2, `${line}: ${stderr}`);
    assert.equal(stdout, "", line);
    assert.match(stderr, message, line);
  }
});
