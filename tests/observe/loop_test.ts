import assert from "node:assert/strict";
import type { TraceRow } from "../../workload/recorded/trace_row.ts";
import { blisLine, FakeIo } from "../cli/fake_io.ts";
import { sse, wholeAnswer } from "./mock_server.ts";
import { observeLine, rowsOf, type VirtualBehaviour } from "./observe_line.ts";

const TARGET = "--model qwen/qwen3-14b --latency-model roofline --hardware H100 --tp 1";
const MOST_ERROR = 0.02;

/** Bursts on a shared prefix: some requests find the engine idle, others queue behind many. */
const BURSTS = `
version: "2"
seed: 11
aggregate_rate: 12
num_requests: 150
clients:
- id: c
  rate_fraction: 1
  prefix_group: system
  prefix_length: 64
  arrival: {process: gamma, cv: 4}
  input_distribution: {type: lognormal, params: {mu: 6, sigma: 0.8, min: 20, max: 4000}}
  output_distribution: {type: exponential, params: {mean: 60}}
`;

async function run(line: string, io: FakeIo): Promise<void> {
  const { code, stderr } = await blisLine(line, io);
  assert.equal(code, 0, `${line}: ${stderr}`);
}

/** A server that takes as long for the tokens of each request as the simulator did. */
function simulatedServer(rows: readonly TraceRow[]): VirtualBehaviour {
  return (world, { prompt }, index) => {
    const promptTokens = String(prompt).trim().split(" ").length;
    if (index < 0) return wholeAnswer(1, promptTokens);
    const row = rows[index]!;
    const firstUs = row.firstChunkTimeUs - row.sendTimeUs;
    const lastUs = row.lastChunkTimeUs - row.sendTimeUs;
    const gapUs = (lastUs - firstUs) / Math.max(1, row.outputTokens - 1);
    const usage = { prompt_tokens: promptTokens, completion_tokens: row.outputTokens };
    return new Response(world.body(Array.from({ length: row.outputTokens }, (_, i) => {
      const isLast = i === row.outputTokens - 1;
      const choices = [{ text: `t${i}`, finish_reason: isLast ? "length" : null }];
      return [firstUs + i * gapUs, sse({ choices, usage }, ...(isLast ? ["[DONE]"] : []))] as const;
    })));
  };
}

Deno.test("what is observed of a server that the simulator drives, a replay foretells", async () => {
  const io = new FakeIo({ "w.yaml": BURSTS });
  await run(`run ${TARGET} --workload-spec w.yaml --trace-output t`, io);
  const { code } = await observeLine(
    "--workload-spec w.yaml --record-itl",
    simulatedServer(rowsOf(io)),
    io,
  );
  assert.equal(code, 0, io.stderr);
  const trace = "--trace-header t.yaml --trace-data t.csv";
  await run(`replay ${TARGET} ${trace} --horizon 1000000000 --results-path r.json`, io);
  const limits = ["e2e", "ttft", "itl"].map((metric) => `${metric}.mape=${MOST_ERROR}`);
  await run(
    `calibrate ${trace} --itl-data t.itl.csv --sim-results r.json --report c.json ` +
      `--fail-above ${limits}`,
    io,
  );
  const { trace_info, metrics } = JSON.parse(io.files.get("c.json")!);
  assert.equal(trace_info.matched_pairs, 150);
  assert.equal(trace_info.token_mismatches, 0);
  assert.deepEqual(Object.keys(metrics), ["e2e", "itl", "ttft"]);
});
