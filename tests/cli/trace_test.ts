import assert from "node:assert/strict";
import { blisLine, FakeIo } from "./fake_io.ts";

const TARGET = "--model qwen/qwen3-14b --latency-model roofline --hardware H100 --tp 1";
const TRACE = "--trace-header t.yaml --trace-data t.csv";

/** Runs command lines one after the other on the same files. */
async function chain(lines: readonly string[], io = new FakeIo()): Promise<FakeIo> {
  for (const line of lines) {
    io.stdout = "";
    const { code, stderr } = await blisLine(line, io);
    assert.equal(code, 0, `${line}: ${stderr}`);
  }
  return io;
}

function resultsIn(io: FakeIo, path: string): Record<string, number>[] {
  return JSON.parse(io.files.get(path)!);
}

Deno.test("a replay of a run's trace gives each request the latencies of the run", async () => {
  const io = await chain([
    `run ${TARGET} --rate 20 --num-requests 40 --trace-output t --metrics-path m.json`,
    `replay ${TARGET} ${TRACE} --horizon 1000000000 --results-path r.json`,
  ]);
  const { requests } = JSON.parse(io.files.get("m.json")!);
  const replayed = resultsIn(io, "r.json");
  assert.equal(replayed.length, 40);
  for (const { requestID, ttft_ms, e2e_ms } of requests) {
    const { ttft_us, e2e_us } = replayed[Number(requestID.replace("request_", ""))]!;
    assert.deepEqual([ttft_us! / 1000, e2e_us! / 1000], [ttft_ms, e2e_ms]);
  }
});

Deno.test("what a trace does not tell of later rounds is said when it is written", async () => {
  const spec = await Deno.readTextFile(
    new URL("../../examples/chat_sessions.yaml", import.meta.url),
  );
  const io = await chain(
    [`run ${TARGET} --workload-spec w.yaml --num-requests 20 --trace-output t`],
    new FakeIo({ "w.yaml": spec }),
  );
  assert.match(io.stderr, /note: The trace does not tell what \d+ later rounds of sessions repeat/);
  const plain = await chain([`run ${TARGET} --num-requests 2 --trace-output t`]);
  assert.doesNotMatch(plain.stderr, /later rounds/);
});

Deno.test("sessions, preemptions and rejections leave traces that replay", async () => {
  const runs = [
    "--concurrency 3 --num-requests 12 --think-time-ms 20",
    "--rate 50 --num-requests 30 --total-kv-blocks 200 --timeout 5",
    "--rate 50 --num-requests 30 --num-instances 3 --admission-policy token-bucket " +
    "--token-bucket-capacity 3000",
  ];
  for (const run of runs) {
    const io = await chain([
      `run ${TARGET} ${run} --trace-output t`,
      `replay ${TARGET} ${TRACE} --horizon 1000000000 --trace-output again`,
      `replay ${TARGET} ${TRACE} --session-mode closed-loop --horizon 1000000000`,
    ]);
    const lines = io.files.get("t.csv")!.split("\n").length;
    assert.equal(io.files.get("again.csv")!.split("\n").length, lines, run);
  }
});

Deno.test("a trace counts as observed by the program that made it: no error, no bias", async () => {
  const io = await chain([
    `run ${TARGET} --rate 20 --num-requests 40 --trace-output t`,
    `replay ${TARGET} ${TRACE} --horizon 1000000000 --results-path r.json`,
    `calibrate ${TRACE} --sim-results r.json --report c.json --fail-above e2e.mape=0,ttft.p99=0`,
  ]);
  const { metrics, ttft_tolerance } = JSON.parse(io.files.get("c.json")!);
  assert.equal(metrics.e2e.request_level.mape, 0);
  assert.equal(metrics.ttft.request_level.bias_direction, "neutral");
  assert.equal(ttft_tolerance.within, true);
  assert.match(io.stderr, /\nVerdict: E2E excellent, off by 0.0 % a request; TTFT excellent/);
  assert.equal(io.stdout, "");
});

Deno.test("an error above its limit fails the calibration, after the report is written", async () => {
  const io = await chain([
    `run ${TARGET} --rate 20 --num-requests 40 --trace-output t`,
    `replay ${TARGET} --tp 2 ${TRACE} --horizon 1000000000 --results-path r.json`,
  ]);
  const line = `calibrate ${TRACE} --sim-results r.json --report c.json`;
  assert.equal((await blisLine(line, io)).code, 0);
  const { code, stderr } = await blisLine(`${line} --fail-above e2e.mape=0.15,itl.mape=1`, io);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /failed: e2e\.mape is 0\.\d+, above 0\.15\nfailed: there is no itl to check\n/,
  );
  assert.ok(io.files.has("c.json"));
});

Deno.test("a limit that cannot be read is refused with what is accepted", async () => {
  const line = `calibrate ${TRACE} --sim-results r.json --report c.json --fail-above`;
  for (const limit of ["e2e", "e3e.mape=1", "e2e.p42=1", "e2e.mape=-1"]) {
    const { code, stderr } = await blisLine(`${line} ${limit}`);
    assert.equal(code, 2, limit);
    assert.match(stderr, /^error: Cannot use .* in --fail-above: /);
  }
});

Deno.test("an automatic horizon that cuts requests off says so, a given one does not", async () => {
  const io = await chain([
    `run ${TARGET} --rate 20 --num-requests 10 --trace-output t`,
    `replay ${TARGET} ${TRACE}`,
  ]);
  assert.match(
    io.stderr,
    /note: The replay ended at \d+ µs, twice the last arrival: \d+ of 10 requests had not ended by then\n/,
  );
  const { stderr } = await blisLine(
    `replay ${TARGET} ${TRACE} --horizon 100`,
    new FakeIo({
      "t.yaml": io.files.get("t.yaml")!,
      "t.csv": io.files.get("t.csv")!,
    }),
  );
  assert.doesNotMatch(stderr, /twice the last arrival/);
});

Deno.test("output files that cannot be written are refused before anything is simulated", async () => {
  const io = await chain([`run ${TARGET} --num-requests 2 --trace-output t`]);
  const lines = [
    `run ${TARGET} --trace-output no/t`,
    `replay ${TARGET} ${TRACE} --results-path no/r.json`,
    `replay ${TARGET} ${TRACE} --trace-output no/t`,
  ];
  for (const line of lines) {
    const { code, stdout } = await blisLine(line, new FakeIo(Object.fromEntries(io.files)));
    assert.deepEqual([code, stdout], [2, ""], line);
  }
});
