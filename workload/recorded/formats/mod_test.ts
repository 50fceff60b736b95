import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError } from "../../../sim/internal/errors.ts";
import { configErrorOf } from "../../../tests/fixtures/traces.ts";
import { TraceImport, type TraceSelection } from "../import_trace.ts";
import type { TraceRow } from "../trace_row.ts";
import { type TraceFormatName, traceFormats } from "./mod.ts";

/** A small file of each format: a good request, a failed one where the format knows them. */
const SAMPLES: Readonly<Record<TraceFormatName, string>> = {
  azure: "TIMESTAMP,ContextTokens,GeneratedTokens\r\n" +
    "2024-02-29 23:59:59.9799609,374,44\r\n2024-03-01 01:00:00.0319600+01:00,396,109",
  mooncake: '{"timestamp": 1000, "input_length": 600, "output_length": 52, "hash_ids": [4, 7]}\n' +
    '{"timestamp": 1500, "input_length": 5, "output_length": 2, "hash_ids": []}\n',
  burstgpt: "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens," +
    "Log Type\n45,s,2.5,ChatGPT,472,18,490,Conversation log\n" +
    "46,s,1,GPT-4,10,0,10,API log\n",
  "vllm-bench": JSON.stringify({
    backend: "vllm",
    input_lens: [100, 50],
    output_lens: [3, 0],
    ttfts: [0.5, 0],
    itls: [[0.25, 0.25], []],
    start_times: [1000.5, 1001],
    errors: ["", "Bad Gateway"],
  }),
  guidellm: JSON.stringify({
    benchmarks: [{
      requests: {
        successful: [{
          start_time: 1700000000.5,
          first_token_time: 1700000001,
          last_token_time: 1700000001.5,
          prompt_tokens: 100,
          output_tokens: 3,
        }],
        errored: [{ start_time: 1700000001, prompt_tokens: 50, error: "reset" }],
        incomplete: [],
      },
    }],
  }),
  aiperf: JSON.stringify({
    metadata: {
      request_start_ns: 1700000000500000000,
      session_num: 3,
      turn_index: 1,
      x_request_id: "u",
    },
    metrics: {
      input_sequence_length: { value: 100, unit: "tokens" },
      output_sequence_length: { value: 3, unit: "tokens" },
      time_to_first_token: { value: 500, unit: "ms" },
      request_latency: { value: 1, unit: "s" },
      inter_token_latency: { value: [250, 250], unit: "ms" },
    },
    error: null,
  }) + "\n" + JSON.stringify({
    metadata: { request_start_ns: 1700000001000000000, session_num: 4 },
    metrics: { input_sequence_length: { value: 50, unit: "tokens" } },
    error: { code: 502, message: "Bad Gateway" },
  }),
  "inference-perf": JSON.stringify([
    {
      start_time: 10.5,
      end_time: 11.6,
      request: "{}",
      info: { input_tokens: 100, output_tokens: 3, output_token_times: [11, 11.25, 11.5] },
      error: null,
    },
    {
      start_time: 11,
      end_time: 11.1,
      info: { input_tokens: 50, output_tokens: 0, output_token_times: [] },
      error: { error_type: "ClientError", error_msg: "reset" },
    },
  ]),
};

const ALL: TraceSelection = { fromUs: 0, toUs: Infinity, sample: 1, scaleRate: 1, seed: 42n };

function importOf(name: TraceFormatName, selection: Partial<TraceSelection> = {}, text?: string) {
  const file = { name: "file", chunks: () => [text ?? SAMPLES[name]] };
  const trace = new TraceImport(traceFormats[name], file, { ...ALL, ...selection });
  return { trace, rows: [...trace.rows()] };
}

function valuesOf(row: TraceRow | undefined, ...keys: (keyof TraceRow)[]): unknown[] {
  return keys.map((key) => row?.[key]);
}

Deno.test("each format knows its own files and no others", () => {
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const matching = Object.entries(traceFormats).filter(([, { matches }]) => matches(sample));
    assert.deepEqual(matching.map(([name]) => name), [name]);
  }
});

Deno.test("Azure's times are read to the µs, with their offsets, over a leap day", () => {
  const { rows, trace } = importOf("azure");
  const times = rows.map((row) => valuesOf(row, "arrivalTimeUs", "inputTokens", "outputTokens"));
  assert.deepEqual(times, [[0, 374, 44], [52_000, 396, 109]]);
  assert.equal(trace.isMeasured, false);
});

Deno.test("Mooncake's block ids become shared prefixes of 512 tokens a block", () => {
  const { rows, trace } = importOf("mooncake");
  assert.deepEqual(rows.map(({ prefixBlocks }) => prefixBlocks), ["512:4.7", ""]);
  assert.deepEqual(rows.map(({ arrivalTimeUs }) => arrivalTimeUs), [0, 500_000]);
  assert.deepEqual([...trace.usedKeys], ["prefixBlocks"]);
});

Deno.test("BurstGPT's sessions count rounds, an answer without tokens has failed", () => {
  const { rows } = importOf("burstgpt");
  const keys = ["sessionId", "roundIndex", "clientId", "status", "lastChunkTimeUs"] as const;
  assert.deepEqual(valuesOf(rows[0], ...keys), ["s", 0, "ChatGPT", "ok", 2_500_000]);
  assert.deepEqual(valuesOf(rows[1], ...keys), ["s", 1, "GPT-4", "error", 0]);
  assert.equal(rows[0]!.streaming, false);
  const plain = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n" +
    "5,ChatGPT,472,18,490,Conversation log\n";
  const [row] = importOf("burstgpt", {}, plain).rows;
  assert.deepEqual(valuesOf(row, ...keys), ["", 0, "ChatGPT", "ok", 0]);
});

Deno.test("measured latencies stay: first token after half a second, last after one", () => {
  for (const name of ["vllm-bench", "guidellm", "aiperf", "inference-perf"] as const) {
    const { rows: [good, failed], trace } = importOf(name);
    const keys = ["inputTokens", "outputTokens", "sendTimeUs", "firstChunkTimeUs"] as const;
    assert.deepEqual(valuesOf(good, ...keys), [100, 3, 0, 500_000], name);
    assert.deepEqual(valuesOf(good, "lastChunkTimeUs", "streaming"), [1_000_000, true], name);
    assert.deepEqual(valuesOf(failed, ...keys), [50, 0, 500_000, 0], name);
    assert.deepEqual(valuesOf(failed, "lastChunkTimeUs", "status"), [0, "error"], name);
    assert.notEqual(failed!.errorMessage, "", name);
    assert.equal(trace.isMeasured, true);
  }
});

Deno.test("aiperf's sessions and request ids are kept", () => {
  const { rows: [row] } = importOf("aiperf");
  assert.deepEqual(valuesOf(row, "sessionId", "roundIndex", "xRequestId"), ["3", 1, "u"]);
});

Deno.test("a stretch of time is cut out, moved to 0 and sped up; latencies stay", () => {
  const { rows } = importOf("vllm-bench", { fromUs: 100_000, scaleRate: 4 });
  assert.deepEqual(rows.map(({ requestId, sendTimeUs }) => [requestId, sendTimeUs]), [[
    0,
    100_000,
  ]]);
  const { rows: [first, ...rest] } = importOf("guidellm", { toUs: 500_000, scaleRate: 2 });
  assert.deepEqual([first!.lastChunkTimeUs, rest], [1_000_000, []]);
});

Deno.test("a sample is a share of the requests, the same for the same seed, sessions whole", () => {
  const lines = Array.from({ length: 4000 }, (_, i) => `${i},s${i % 800},1,m,10,5,15,API log`);
  const text = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens," +
    `Total tokens,Log Type\n${lines.join("\n")}\n`;
  const { rows } = importOf("burstgpt", { sample: 0.25 }, text);
  assert.deepEqual(importOf("burstgpt", { sample: 0.25 }, text).rows, rows);
  assert.ok(rows.length > 800 && rows.length < 1200, String(rows.length));
  const sizes = new Map<string, number>();
  for (const { sessionId } of rows) sizes.set(sessionId, (sizes.get(sessionId) ?? 0) + 1);
  assert.deepEqual(new Set(sizes.values()), new Set([5]));
});

Deno.test("requests without prompt tokens are left out and counted", () => {
  const { rows, trace } = importOf("azure", {}, `${SAMPLES.azure}\n2024-03-01 00:00:01,0,5\n`);
  assert.deepEqual([rows.length, trace.numEmpty], [2, 1]);
});

Deno.test("what is wrong with a foreign file is shown at its place", () => {
  const cases: [TraceFormatName, string, RegExp, number | undefined][] = [
    ["azure", "TIMESTAMP,ContextTokens\n", /"GeneratedTokens" is missing/, 1],
    ["azure", "TIMESTAMP,ContextTokens,GeneratedTokens\n2024,1,1\n", /time like 2023/, 2],
    ["azure", "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-01-01 00:00:00,x,1\n", /a number/, 2],
    ["mooncake", '{"timestamp": 1, "input_length": -5, "output_length": 1}', />= 0/, 1],
    ["mooncake", '\n{"timestamp": 1,', /as JSON/, 2],
    [
      "vllm-bench",
      '{"input_lens": [1], "output_lens": [1]}',
      /when each request was sent/,
      undefined,
    ],
    ["guidellm", '{\n"benchmarks": [{"requests": {"successful": 5}}]}', /successful/, 2],
    ["inference-perf", "{}", /list/, 1],
  ];
  for (const [name, text, message, line] of cases) {
    const error = configErrorOf(() => importOf(name, {}, text));
    assert.match(error.message, message);
    assert.equal(error.options.line, line, name);
  }
});

Deno.test("mutated foreign files are imported or refused, but never crash", () => {
  const cut = fc.record({
    at: fc.nat(700),
    length: fc.nat(9),
    insert: fc.string({ maxLength: 4 }),
  });
  const names = Object.keys(SAMPLES) as TraceFormatName[];
  const isOrderly = (name: TraceFormatName, text: string) => {
    try {
      importOf(name, {}, text);
      return true;
    } catch (error) {
      return error instanceof ConfigError;
    }
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(cut, { minLength: 1 }),
      (name, cuts) =>
        isOrderly(
          name,
          cuts.reduce(
            (text, { at, length, insert }) => text.slice(0, at) + insert + text.slice(at + length),
            SAMPLES[name],
          ),
        ),
    ),
    { seed: 1, numRuns: 5000 },
  );
});
