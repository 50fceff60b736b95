import assert from "node:assert/strict";
import { FakeIo } from "../cli/fake_io.ts";
import { wholeAnswer } from "./mock_server.ts";
import { chunked, column, observeLine, START_US, whole } from "./observe_line.ts";

const SESSIONS = `version: "2"
seed: 3
aggregate_rate: 50
num_requests: 6
clients:
  - id: chat
    tenant_id: acme
    slo_class: batch
    slo_target_us: 1500
    rate_fraction: 1
    streaming: true
    prefix_group: system
    prefix_length: 12
    arrival: { process: constant }
    input_distribution: { type: constant, params: { value: 4 } }
    output_distribution: { type: constant, params: { value: 6 } }
`;
const MULTI_TURN = `    reasoning:
      reason_ratio_distribution: { type: constant, params: { value: 0 } }
      multi_turn: { max_rounds: 3, think_time_us: 1000, context_growth: GROWTH }
`;

const withSpec = (text: string) => new FakeIo({ "w.yaml": text });
const promptsOf = (bodies: readonly Readonly<Record<string, unknown>>[]) =>
  bodies.map(({ prompt }) => String(prompt));

Deno.test("users that wait for answers take turns, and think between them", async () => {
  const { rows } = await observeLine(
    "--concurrency 2 --num-requests 6 --think-time-ms 40 --output-tokens 10 --output-tokens-stdev 0",
    whole,
  );
  assert.deepEqual(column(rows, "requestId"), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(column(rows, "roundIndex"), [0, 0, 1, 1, 2, 2]);
  const users = ["concurrency_distribution_user_0", "concurrency_distribution_user_1"];
  assert.deepEqual(column(rows, "sessionId"), [...users, ...users, ...users]);
  const sentMs = rows.map(({ sendTimeUs }) => (sendTimeUs - START_US) / 1000);
  assert.deepEqual(sentMs, [0, 20, 50, 70, 100, 120]);
  const arrivalsMs = rows.map(({ arrivalTimeUs }) => arrivalTimeUs / 1000);
  assert.deepEqual(arrivalsMs, sentMs);
});

Deno.test("sessions are summed up, first rounds apart from later ones", async () => {
  const { io } = await observeLine(
    "--concurrency 2 --num-requests 6 --output-tokens 10 --output-tokens-stdev 0 --record-itl",
    chunked,
  );
  const [, block] = io.stdout.split("=== Session Metrics ===\n");
  assert.match(block!, /^ {2}Sessions: 2\n/);
  const slow = await observeLine(
    "--concurrency 2 --num-requests 6 --output-tokens 10 " +
      "--output-tokens-stdev 0",
    whole,
  );
  assert.match(slow.io.stdout, /^ {2}TTFT cold \(round 0\): mean=10.00 p50=10.00 .* ms \(n=2\)$/m);
  assert.match(slow.io.stdout, /^ {2}TTFT warm \(round≥1\): mean=10.00 .* ms \(n=4\)$/m);
  assert.match(slow.io.stdout, /^ {2}Session duration: {4}mean=30.00 .* ms \(n=2\)$/m);
});

Deno.test("a spec says who asks, for what and how urgently", async () => {
  const { rows, bodies, io } = await observeLine(
    "--workload-spec w.yaml",
    chunked,
    withSpec(SESSIONS),
  );
  assert.equal(rows.length, 6);
  for (const row of rows) {
    assert.deepEqual(
      [row.clientId, row.tenantId, row.sloClass, row.vllmPriority, row.sloTargetUs],
      ["chat", "acme", "batch", 5, 1500],
    );
    assert.deepEqual([row.prefixGroup, row.prefixLength, row.inputTokens], ["system", 12, 4]);
    assert.equal(row.streaming, true);
    assert.equal(row.numChunks, 6);
    assert.match(row.xRequestId, /^id-\d+$/);
  }
  for (const body of bodies) assert.deepEqual([body.priority, body.stream], [5, true]);
  assert.match(io.files.get("t.yaml")!, /^workload_seed: 3\nworkload_spec: w.yaml\n/m);
});

Deno.test("prompts of a group begin alike to the letter, and differ after that", async () => {
  const { bodies } = await observeLine("--workload-spec w.yaml", chunked, withSpec(SESSIONS));
  const prompts = promptsOf(bodies).map((prompt) => prompt.trim().split(" "));
  const heads = new Set(prompts.map((words) => words.slice(0, 12).join(" ")));
  const tails = new Set(prompts.map((words) => words.slice(12).join(" ")));
  assert.equal(heads.size, 1);
  assert.ok(tails.size > 1);
  const again = await observeLine("--workload-spec w.yaml", chunked, withSpec(SESSIONS));
  assert.deepEqual(promptsOf(again.bodies), promptsOf(bodies));
});

Deno.test("later rounds of a session keep the prefix of their group", async () => {
  const spec = SESSIONS + MULTI_TURN.replace("GROWTH", '""');
  const { rows, bodies } = await observeLine("--workload-spec w.yaml", chunked, withSpec(spec));
  assert.ok(rows.some(({ roundIndex }) => roundIndex === 2));
  const heads = promptsOf(bodies).map((prompt) => prompt.split(" ").slice(0, 12).join(" "));
  assert.equal(new Set(heads).size, 1);
});

Deno.test("a growing session repeats all that was said, its answers included", async () => {
  const spec = SESSIONS.replace("num_requests: 6", "num_requests: 1") +
    MULTI_TURN.replace("GROWTH", "accumulate");
  const { rows, bodies } = await observeLine("--workload-spec w.yaml", chunked, withSpec(spec));
  assert.deepEqual(column(rows, "roundIndex"), [0, 1, 2]);
  const [first, second, third] = promptsOf(bodies);
  assert.ok(second!.startsWith(first!));
  assert.ok(third!.startsWith(second!));
  const words = (text: string) => text.trim().split(" ").length;
  assert.deepEqual([words(first!), words(second!), words(third!)], [16, 26, 36]);
});

Deno.test("a session whose round fails has no further one", async () => {
  const spec = SESSIONS.replace("num_requests: 6", "num_requests: 1") +
    MULTI_TURN.replace("GROWTH", '""');
  const { rows } = await observeLine(
    "--workload-spec w.yaml",
    (_world, _body, index) => index === 1 ? new Response("busy", { status: 503 }) : wholeAnswer(6),
    withSpec(spec),
  );
  assert.deepEqual(column(rows, "status"), ["ok", "error"]);
});

Deno.test("--no-streaming asks for whole answers, whatever the workload says", async () => {
  const { rows, bodies } = await observeLine(
    "--workload-spec w.yaml --no-streaming",
    whole,
    withSpec(SESSIONS),
  );
  assert.ok(bodies.every(({ stream }) => stream === false));
  assert.ok(rows.every(({ streaming }) => !streaming));
});
