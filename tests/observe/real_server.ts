/**
 * What `blis observe` records of an engine that nobody here wrote: llama.cpp on the CPU. Needs
 * `python3 -m pip install -r tests/observe/requirements.txt`; run it with `deno task observe-real`.
 */
import assert from "node:assert/strict";
import { promptText } from "../../cmd/observe/prompt_text.ts";
import type { Request } from "../../sim/request.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { generate } from "../../workload/generate.ts";
import { loadWorkload } from "../../workload/load.ts";
import type { TraceRow } from "../../workload/recorded/trace_row.ts";
import { blis, FakeIo } from "../cli/fake_io.ts";
import { LlamaServer } from "./llama_server.ts";
import { rowsOf } from "./observe_line.ts";

/** Tokens of a prompt beside its letters: its begin, and three bytes for the blank at its end. */
const EXTRA_TOKENS = 4;

const SINGLE = (streaming: boolean) =>
  `version: "2"
seed: 5
aggregate_rate: 60
num_requests: 40
clients:
  - id: writer
    rate_fraction: 0.7
    streaming: ${streaming}
    prefix_group: system
    prefix_length: 40
    arrival: { process: poisson }
    input_distribution: { type: gaussian, params: { mean: 20, std_dev: 8, min: 4, max: 40 } }
    output_distribution: { type: gaussian, params: { mean: 24, std_dev: 12, min: 1, max: 60 } }
  - id: reader
    rate_fraction: 0.3
    streaming: ${streaming}
    arrival: { process: constant }
    input_distribution: { type: constant, params: { value: 120 } }
    output_distribution: { type: constant, params: { value: 3 } }
`;

const SESSIONS = `version: "2"
seed: 9
aggregate_rate: 20
num_requests: 6
clients:
  - id: talker
    rate_fraction: 1
    prefix_group: system
    prefix_length: 16
    arrival: { process: constant }
    input_distribution: { type: constant, params: { value: 10 } }
    output_distribution: { type: constant, params: { value: 12 } }
    reasoning:
      reason_ratio_distribution: { type: constant, params: { value: 0 } }
      multi_turn: { max_rounds: 3, think_time_us: 5000, context_growth: accumulate }
`;

const TALKER = { promptTokens: 26, roundTokens: 10 + 12, thinkTimeUs: 5000, numRounds: 3 };

/** Observes a workload; returns the rows, and the times of chunks by request. */
async function observe(server: LlamaServer, spec: string, flags: readonly string[]) {
  const io = new FakeIo({ "w.yaml": spec });
  const { code, stderr, stdout } = await blis([
    ...["observe", "--server-url", server.url, "--model", "tiny", "--workload-spec", "w.yaml"],
    ...["--ignore-eos", "--trace-header", "t.yaml", "--trace-data", "t.csv", ...flags],
  ], io);
  assert.equal(code, 0, stderr);
  return { rows: rowsOf(io), chunkTimes: chunkTimesOf(io), stdout };
}

function chunkTimesOf(io: FakeIo): Map<number, number[]> {
  const times = new Map<number, number[]>();
  for (const line of (io.files.get("t.itl.csv") ?? "").split("\n").slice(1, -1)) {
    const [id, index, timeUs] = line.split(",").map(Number) as [number, number, number];
    const list = times.get(id) ?? [];
    assert.equal(list.push(timeUs), index + 1);
    times.set(id, list);
  }
  return times;
}

/** The requests of a workload as they must have been sent, in order. */
function expected(text: string): Request[] {
  const { spec } = loadWorkload(text, "w.yaml");
  const options = { horizonUs: Infinity, maxRequests: 0, keepTokens: true, ids: new BlockIds() };
  const source = generate(spec, { ...options, maxRequests: spec.numRequests });
  const requests: Request[] = [];
  for (let next = source.next(); next !== undefined; next = source.next()) requests.push(next);
  return requests;
}

function assertTimes(rows: readonly TraceRow[], isStreamed: boolean): void {
  for (const row of rows) {
    const { status, sendTimeUs, firstChunkTimeUs, lastChunkTimeUs, numChunks } = row;
    assert.equal(status, "ok", row.errorMessage);
    assert.equal(row.streaming, isStreamed);
    assert.ok(sendTimeUs < firstChunkTimeUs && firstChunkTimeUs <= lastChunkTimeUs);
    // A token may be a part of a character, and the server holds that back: fewer chunks, or none.
    assert.ok(isStreamed ? numChunks <= row.outputTokens : numChunks === 1);
  }
  assert.ok(rows.some(({ numChunks }) => numChunks > 0));
  const inOrder = rows.toSorted((a, b) => a.requestId - b.requestId);
  assert.deepEqual(inOrder.map(({ requestId }) => requestId), rows.map((_, i) => i));
  inOrder.slice(1).forEach((row, i) => assert.ok(row.sendTimeUs >= inOrder[i]!.sendTimeUs));
}

const server = await LlamaServer.start("quick");
globalThis.addEventListener("unload", () => server.end());

for (const format of ["completions", "chat"]) {
  for (const isStreamed of [true, false]) {
    const kind = `${format}, ${isStreamed ? "streamed" : "whole"}`;

    Deno.test(`every row says what llama.cpp did: ${kind}`, async () => {
      const spec = SINGLE(isStreamed);
      const { rows } = await observe(server, spec, ["--api-format", format]);
      const requests = expected(spec);
      assert.equal(rows.length, requests.length);
      assertTimes(rows, isStreamed);
      for (const row of rows) {
        const request = requests[row.requestId]!;
        const { promptTokens, prefixTokens, labels } = request;
        assert.equal(row.arrivalTimeUs, request.arrivalUs);
        assert.equal(row.clientId, labels.clientId);
        assert.equal(row.prefixGroup, labels.prefixGroup);
        assert.equal(row.inputTokens + row.prefixLength, promptTokens);
        assert.equal(row.prefixLength, prefixTokens);
        assert.equal(row.outputTokens, request.outputTokens);
        assert.equal(row.finishReason, "length");
        const letters = promptText(request.tokens!.subarray(0, promptTokens), 1)
          .replaceAll(" ", "");
        assert.equal(row.serverInputTokens, letters.length + EXTRA_TOKENS);
      }
    });
  }

  Deno.test(`the times of all chunks are those of the rows: ${format}`, async () => {
    const flags = ["--api-format", format, "--record-itl"];
    const { rows, chunkTimes } = await observe(server, SINGLE(false), flags);
    assertTimes(rows, true);
    for (const row of rows) {
      const times = chunkTimes.get(row.requestId) ?? [];
      assert.equal(times.length, row.numChunks);
      if (times.length === 0) continue;
      assert.equal(times[0], row.firstChunkTimeUs);
      assert.equal(times.at(-1), row.lastChunkTimeUs);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    }
  });

  Deno.test(`rounds of a session follow each other and grow: ${format}`, async () => {
    const { rows, stdout } = await observe(server, SESSIONS, ["--api-format", format]);
    assertTimes(rows, false);
    const sessions = Map.groupBy(rows, ({ sessionId }) => sessionId);
    assert.match(stdout, new RegExp(`^ {2}Sessions: ${sessions.size}$`, "m"));
    for (const unordered of sessions.values()) {
      const rounds = unordered.toSorted((a, b) => a.roundIndex - b.roundIndex);
      assert.deepEqual(rounds.map(({ roundIndex }) => roundIndex), [0, 1, 2]);
      rounds.forEach((row, round) => {
        const { promptTokens, roundTokens, thinkTimeUs } = TALKER;
        assert.equal(row.inputTokens + row.prefixLength, promptTokens + round * roundTokens);
        assert.equal(row.outputTokens, 12);
        if (round === 0) return;
        const last = rounds[round - 1]!;
        assert.ok(row.sendTimeUs >= last.lastChunkTimeUs + thinkTimeUs);
        assert.ok(row.serverInputTokens > last.serverInputTokens);
      });
    }
  });
}

Deno.test("a prompt that is longer than the server takes is a row with its error", async () => {
  const spec = SINGLE(true).replace("value: 120", "value: 30000");
  const { rows } = await observe(server, spec, []);
  const failed = rows.filter(({ status }) => status !== "ok");
  assert.ok(failed.length > 0 && failed.length < rows.length);
  for (const row of failed) {
    assert.equal(row.clientId, "reader");
    assert.match(row.errorMessage, /^HTTP 400: /);
  }
});
