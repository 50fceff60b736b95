import assert from "node:assert/strict";
import { blisLine, FakeIo } from "./fake_io.ts";

const AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n" +
  "2023-11-16 18:17:03.9799600,374,44\n2023-11-16 18:17:04.0319600,396,109\n";
const BLOCKS = [1, 2, 3, 4];
const MOONCAKE = [[...BLOCKS, 5], [...BLOCKS, 6], [7, 8, 9, 10, 11]].map((ids, i) =>
  JSON.stringify({ timestamp: 1e4 * i, input_length: 2500, output_length: 3, hash_ids: ids })
).join("\n");
const REPLAY = "replay --model qwen/qwen3-14b --latency-model roofline --hardware H100 --tp 1 " +
  "--trace-header t.yaml --trace-data t.csv --horizon 1000000000";

Deno.test("a foreign file becomes a trace that replays", async () => {
  const io = new FakeIo({ "azure.csv": AZURE });
  const { code, stderr, stdout } = await blisLine("convert trace azure.csv --trace-output t", io);
  assert.deepEqual([code, stdout], [0, ""]);
  assert.match(
    stderr,
    /^note: 2 of 2 requests of azure\.csv \(azure\) over 0\.052 s, without meas/,
  );
  assert.equal((await blisLine(REPLAY, io)).code, 0);
  assert.match(io.stdout, /"completed_requests": 2,/);
  assert.match(io.stdout, /"total_input_tokens": 770,/);
});

Deno.test("requests of Mooncake hit the cache where they share blocks", async () => {
  const io = new FakeIo({ "m.jsonl": MOONCAKE });
  await blisLine("convert trace --from mooncake m.jsonl --trace-output t", io);
  assert.equal((await blisLine(REPLAY, io)).code, 0);
  const shared = Math.floor(2048 / 16);
  const [, rate] = /Cache Hit Rate: (\S+)/.exec(io.stdout)!;
  assert.equal(rate, (shared / (3 * Math.ceil(2500 / 16))).toFixed(4));
});

Deno.test("a file of an unknown format, and one of which nothing is left, are refused", async () => {
  const io = new FakeIo({ "azure.csv": AZURE, "x.txt": "hello\n" });
  const cases: [string, RegExp][] = [
    ["x.txt --trace-output t", /Cannot find out the format of x\.txt\nhint: --from takes azure, /],
    ["azure.csv --trace-output t --from-time 9", /None of the 2 requests of azure\.csv is left/],
    ["azure.csv --trace-output no/t", /Cannot access no\/t\.csv/],
    ["azure.csv --trace-output t --sample 0", /--sample: it must be > 0/],
    ["--trace-output t", /--file is required/],
    ["gone.csv --trace-output t", /Cannot access gone\.csv/],
  ];
  for (const [rest, message] of cases) {
    const { code, stderr } = await blisLine(`convert trace ${rest}`, io);
    assert.equal(code, 2, rest);
    assert.match(stderr, message);
  }
});

Deno.test("measured latencies are the observed side of a calibration", async () => {
  const result = {
    input_lens: [100, 50],
    output_lens: [3, 2],
    ttfts: [0.5, 0.5],
    itls: [[0.25, 0.25], [0.5]],
    start_times: [10, 11],
  };
  const sim = [0, 1].map((request_id) => ({ request_id, ttft_us: 5e5, e2e_us: 1e6 }));
  const io = new FakeIo({ "b.json": JSON.stringify(result), "r.json": JSON.stringify(sim) });
  await blisLine("convert trace b.json --trace-output t", io);
  const line = "calibrate --trace-header t.yaml --trace-data t.csv --sim-results r.json " +
    "--report c.json --fail-above e2e.mape=0,ttft.mape=0";
  assert.equal((await blisLine(line, io)).code, 0);
});
