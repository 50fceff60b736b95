import assert from "node:assert/strict";
import fc from "fast-check";
import { blisLine } from "../cli/fake_io.ts";
import { streamed, wholeAnswer } from "./mock_server.ts";
import {
  chunked,
  column,
  observeLine,
  START_US,
  type VirtualBehaviour,
  whole,
} from "./observe_line.ts";

const OPEN = "--rate 100 --num-requests 4";

Deno.test("an open-loop workload becomes a trace, row by row as the requests end", async () => {
  const { code, io, rows } = await observeLine(
    `${OPEN} --output-tokens 20 --output-tokens-stdev 10 --output-tokens-min 5 --rtt-ms 2.5`,
    whole,
  );
  assert.equal(code, 0);
  assert.deepEqual(column(rows, "requestId").toSorted(), [0, 1, 2, 3]);
  for (const [i, row] of rows.entries()) {
    assert.equal(row.status, "ok");
    assert.equal(row.sendTimeUs, START_US + row.arrivalTimeUs);
    assert.equal(row.lastChunkTimeUs - row.sendTimeUs, row.outputTokens * 1000);
    assert.equal(row.firstChunkTimeUs, row.lastChunkTimeUs);
    assert.equal(row.numChunks, 1);
    assert.equal(row.streaming, false);
    assert.equal(row.serverInputTokens, 100);
    assert.equal(row.finishReason, "length");
    assert.equal(row.deadlineUs, 0);
    if (i > 0) assert.ok(row.lastChunkTimeUs >= rows[i - 1]!.lastChunkTimeUs);
  }
  assert.equal(
    io.files.get("t.yaml"),
    "trace_version: 3\ntime_unit: us\ncreated_at: '2027-01-15T08:00:00Z'\nmode: real\n" +
      "warm_up_requests: 0\nworkload_seed: 42\nserver:\n  type: vllm\n  model: m\n" +
      "network:\n  measured_rtt_ms: 2.5\n",
  );
  assert.match(io.stdout, /^=== Simulation Metrics ===\n\{\n {2}"instance_id": "",\n/);
  assert.match(io.stdout, /^ {2}"completed_requests": 4,$/m);
  assert.match(io.stdout, /^TTFT Not Measured: 4 of 4 /m);
  assert.match(io.stdout, /^Dispatch Lag: p50=0.00 p99=0.00 max=0.00 ms \(n=4\)$/m);
  assert.equal(io.stderr, "");
});

Deno.test("warm-up requests are sent and leave no row", async () => {
  const { rows, bodies, io } = await observeLine(`${OPEN} --warmup-requests 3`, whole);
  assert.equal(bodies.length, 4);
  assert.deepEqual(column(rows, "requestId"), [3]);
  assert.match(io.files.get("t.yaml")!, /^warm_up_requests: 3$/m);
  const all = await observeLine(`${OPEN} --warmup-requests 9`, whole);
  assert.equal(all.code, 0);
  assert.equal(all.rows.length, 0);
  assert.match(all.io.stderr, /No request was recorded/);
});

Deno.test("chunk times go to a file beside the trace, or where the flag says", async () => {
  const lines = "--rate 100 --num-requests 2 --output-tokens 3 --output-tokens-stdev 0";
  const { io, rows } = await observeLine(`${lines} --record-itl`, chunked);
  const text = io.files.get("t.itl.csv")!;
  assert.match(text, /^request_id,chunk_index,timestamp_us\n0,0,\d+\n0,1,\d+\n0,2,\d+\n1,0,/);
  assert.equal(text.split("\n").length, 1 + 2 * 3 + 1);
  assert.deepEqual(column(rows, "streaming"), [true, true]);
  const named = await observeLine(`${lines} --record-itl --itl-output x.csv`, chunked);
  assert.equal(named.io.files.get("x.csv"), text);
  const useless = await observeLine(`${lines} --itl-output x.csv`, whole);
  assert.equal(useless.io.files.has("x.csv"), false);
  assert.match(useless.io.stderr, /--itl-output has no effect without --record-itl/);
});

Deno.test("some failures are told once, and the run succeeds", async () => {
  const { code, rows, io } = await observeLine(
    "--rate 100 --num-requests 5",
    (_world, _body, index) =>
      index % 2 === 0 ? new Response("busy", { status: 503 }) : wholeAnswer(512),
  );
  assert.equal(code, 0);
  assert.equal(rows.length, 5);
  assert.equal(rows.filter(({ errorMessage }) => errorMessage === "HTTP 503: busy").length, 3);
  assert.match(io.stderr, /Failed: 3 of 5 requests, most often \(3\) with: HTTP 503: busy/);
});

Deno.test("if all requests fail, the exit code is 1 and the trace is there", async () => {
  const { code, rows, io } = await observeLine(
    OPEN,
    (_world, _body, index) => new Response(index === 2 ? "a" : "b", { status: 400 }),
  );
  assert.equal(code, 1);
  assert.deepEqual(column(rows, "status"), ["error", "error", "error", "error"]);
  assert.match(io.stderr, /Failed: 4 of 4 requests, most often \(3\) with: HTTP 400: b/);
  assert.match(io.stdout, /"completed_requests": 0,/);
});

Deno.test("answers that end early are counted", async () => {
  const { io } = await observeLine(OPEN, (_world, body, index) => {
    const numTokens = index === 0 ? 7 : Number(body.max_tokens);
    const choices = [{ text: "x", finish_reason: index === 0 ? "stop" : "length" }];
    return Response.json({
      choices,
      usage: { prompt_tokens: 100, completion_tokens: numTokens },
    });
  });
  assert.match(io.stdout, /^Outputs Shorter Than Asked: 1 of 4$/m);
  assert.match(io.stderr, /Ended by the model before they had the least tokens: 1 of 4 requests/);
});

Deno.test("requests behind a full server are sent late, which is said", async () => {
  const { io, rows } = await observeLine(
    "--rate 1000 --num-requests 3 --max-concurrency 1 --output-tokens 10 --output-tokens-stdev 0",
    whole,
  );
  const lateUs = rows.map(({ sendTimeUs, arrivalTimeUs }) => sendTimeUs - START_US - arrivalTimeUs);
  assert.deepEqual(lateUs.map((us) => Math.round(us / 1000)), [0, 9, 18]);
  assert.match(io.stderr, /Sent late, because the most requests were on their way: 2 requests/);
  assert.match(io.stdout, /^Dispatch Lag: p50=9.00 p99=17.82 max=18.00 ms \(n=3\)$/m);
});

Deno.test("Ctrl-C writes what was recorded, and the requests on their way as canceled", async () => {
  const { code, rows } = await observeLine(
    "--rate 100 --num-requests 50 --output-tokens 15 --output-tokens-stdev 0",
    async (world, body, index) => {
      if (index === 4) world.after(1, () => world.interrupt());
      return await whole(world, body, index);
    },
  );
  assert.equal(code, 0);
  assert.deepEqual(column(rows, "status"), ["ok", "ok", "ok", "error", "error"]);
  assert.equal(rows[4]!.errorMessage, "HTTP error: context canceled");
});

Deno.test("a workload without requests leaves an empty trace", async () => {
  const { code, rows, io } = await observeLine("--rate 1 --horizon 10", whole);
  assert.equal(code, 0);
  assert.deepEqual(rows, []);
  assert.match(io.stderr, /No request was recorded/);
  assert.match(io.files.get("t.csv")!, /^request_id,client_id,[^\n]+\n$/);
});

Deno.test("nothing is sent if a file cannot be written", async () => {
  let numAsked = 0;
  const count: VirtualBehaviour = () => (numAsked++, wholeAnswer(1));
  await assert.rejects(
    observeLine(`${OPEN} --record-itl --itl-output none/x.csv`, count),
    /Cannot access none\/x.csv/,
  );
  assert.equal(numAsked, 0);
});

Deno.test("a key on the command line is refused", async () => {
  await assert.rejects(observeLine(`${OPEN} --api-key sk-1`, whole), {
    name: "UsageError",
    hint: "set OPENAI_API_KEY",
  });
});

const FAULTS: Readonly<Record<string, VirtualBehaviour>> = {
  ok: chunked,
  slow: async (world, body, index) => {
    await world.sleep(30_000);
    return await chunked(world, body, index);
  },
  silent: () => new Promise(() => {}),
  stalling: (world) => new Response(world.body([[100, ": wait\n\n"], [9e9, ""]])),
  busy: () => new Response("busy", { status: 503 }),
  empty: () => streamed(""),
  garbage: () => streamed("data: {garbage\n\n"),
};

Deno.test("whatever goes wrong with some requests, each has its row and the others keep theirs", async () => {
  const line = "--rate 100 --num-requests 12 --record-itl --timeout 1 --warmup-requests 2";
  const undisturbed = (await observeLine(line, chunked)).rows;
  const faults = fc.array(fc.constantFrom(...Object.keys(FAULTS)), {
    minLength: 12,
    maxLength: 12,
  });
  const property = fc.asyncProperty(faults, async (names) => {
    const { rows } = await observeLine(
      line,
      (world, body, index) => FAULTS[names[index] ?? "ok"]!(world, body, index),
    );
    const ids = column(rows, "requestId").toSorted((a, b) => a - b);
    assert.deepEqual(ids, undisturbed.map(({ requestId }) => requestId));
    for (const row of rows) {
      const name = names[row.requestId]!;
      const isAnswered = name === "ok" || name === "slow";
      const hasTimedOut = name === "silent" || name === "stalling";
      assert.equal(row.status, isAnswered ? "ok" : hasTimedOut ? "timeout" : "error");
      const other = undisturbed.find(({ requestId }) => requestId === row.requestId)!;
      if (name === "ok") assert.deepEqual({ ...row, xRequestId: "" }, { ...other, xRequestId: "" });
    }
  });
  await fc.assert(property, { seed: 3, numRuns: 25 });
});

Deno.test("the help tells what the flags do", async () => {
  const { stdout, code } = await blisLine("observe --help");
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: blis observe \[flags\]/);
  assert.match(stdout, /--api-format <name> +endpoint that is asked \(one of completions, chat;/);
});
