import assert from "node:assert/strict";
import fc from "fast-check";
import { configErrorOf, csvOf, replayOf, rowWith } from "../../tests/fixtures/traces.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { type Request, RequestState } from "../../sim/request.ts";
import type { Replay } from "./replay.ts";
import { newTraceHeader, readTraceHeader, traceHeaderText } from "./trace_v2.ts";

function requestsOf(replay: Replay): Request[] {
  const requests: Request[] = [];
  for (let next = replay.next(); next !== undefined; next = replay.next()) requests.push(next);
  return requests;
}

function arrivalsOf(rows: Parameters<typeof replayOf>[0]): number[] {
  return requestsOf(replayOf(rows)).map(({ arrivalUs }) => arrivalUs);
}

function complete(replay: Replay, request: Request, atUs: number): readonly Request[] {
  request.state = RequestState.COMPLETED;
  request.numComputedTokens = request.promptTokens + request.outputTokens - 1;
  return replay.onFinished!(request, atUs);
}

Deno.test("requests come by the time they were sent, rows of equal times in their order", () => {
  const rows = [
    rowWith({ requestId: 1, arrivalTimeUs: 100, sendTimeUs: 300 }),
    rowWith({ requestId: 2, arrivalTimeUs: 200 }),
    rowWith({ requestId: 3, arrivalTimeUs: 300 }),
  ];
  const requests = requestsOf(replayOf(rows));
  assert.deepEqual(requests.map(({ id }) => id), ["request_2", "request_1", "request_3"]);
  assert.deepEqual(requests.map(({ arrivalUs }) => arrivalUs), [200, 300, 300]);
  const inOrder = [...replayOf(rows).turns()].map((turn) => requests[turn]!);
  assert.deepEqual(inOrder.map(({ number }) => number), [1, 2, 3]);
});

Deno.test("send times since 1970 are shifted to the clock of arrivals by the least lag", () => {
  const epoch = 1_767_323_045_000_000;
  const rows = [
    rowWith({ arrivalTimeUs: 0, sendTimeUs: epoch + 700 }),
    rowWith({ arrivalTimeUs: 1000, sendTimeUs: epoch + 1500, deadlineUs: 5000 }),
    rowWith({ arrivalTimeUs: 2000, status: "error" }),
  ];
  assert.deepEqual(arrivalsOf(rows), [200, 1000, 2000]);
});

Deno.test("the automatic horizon is twice the last arrival", () => {
  assert.equal(replayOf([rowWith({ arrivalTimeUs: 700 })]).horizonUs, 1400);
  assert.equal(replayOf([rowWith({ arrivalTimeUs: 0 })]).horizonUs, 600_000_000);
  assert.equal(replayOf([rowWith({ arrivalTimeUs: 700 })], { horizonUs: 9 }).horizonUs, 9);
});

Deno.test("rows of a group share the prefix whose length the first of them states", () => {
  const [early, first, other, alone] = requestsOf(replayOf([
    rowWith({ prefixGroup: "g" }),
    rowWith({ prefixGroup: "g", prefixLength: 64 }),
    rowWith({ prefixGroup: "g", prefixLength: 32 }),
    rowWith({ prefixLength: 7 }),
  ]));
  assert.deepEqual([early, first, other].map((r) => r!.promptTokens), [74, 74, 74]);
  assert.deepEqual([early, first, other].map((r) => r!.prefixTokens), [0, 64, 32]);
  assert.equal(early!.shared!.blockId(0, 16), other!.shared!.blockId(0, 16));
  assert.equal(alone!.promptTokens, 17);
  assert.equal(alone!.shared, undefined);
});

Deno.test("what the server counted is the length of a prompt without a group", () => {
  const requests = requestsOf(replayOf([
    rowWith({ serverInputTokens: 12, prefixLength: 3 }),
    rowWith({ serverInputTokens: 12, prefixGroup: "g", prefixLength: 3 }),
  ]));
  assert.deepEqual(requests.map(({ promptTokens }) => promptTokens), [12, 13]);
});

const BLOCKS = ["16:1.2.3", "16:1.2.4", "16:1.2", "16:5"].map((prefixBlocks, i) =>
  rowWith({ requestId: i, prefixBlocks, inputTokens: 50 - 10 * i })
);

Deno.test("prompts share the blocks in which they begin alike", () => {
  const requests = requestsOf(replayOf(BLOCKS));
  assert.deepEqual(requests.map(({ promptTokens }) => promptTokens), [50, 40, 30, 20]);
  assert.deepEqual(requests.map(({ sharedTokens }) => sharedTokens), [48, 40, 30, 16]);
  const blocks = requests.map(({ shared }) => [0, 1, 2].map((i) => shared!.blockId(i, 16)));
  const [first, second, third, other] = blocks;
  assert.deepEqual(second!.slice(0, 2), first!.slice(0, 2));
  assert.deepEqual(third!.slice(0, 2), first!.slice(0, 2));
  assert.equal(new Set([first![2], second![2], first![0], other![0]]).size, 4);
});

Deno.test("shared blocks have the same tokens where tokens are kept", () => {
  const [first, second, third, other] = requestsOf(replayOf(BLOCKS, { keepTokens: true }))
    .map(({ tokens }) => tokens!);
  assert.deepEqual(second!.slice(0, 32), first!.slice(0, 32));
  assert.deepEqual(third!.slice(0, 30), first!.slice(0, 30));
  assert.notDeepEqual(second!.slice(32, 40), first!.slice(32, 40));
  assert.notDeepEqual(other!.slice(0, 16), first!.slice(0, 16));
});

Deno.test("all rows must have shared blocks of one size", () => {
  const error = configErrorOf(() => replayOf([...BLOCKS, rowWith({ prefixBlocks: "512:1" })]));
  assert.match(error.message, /"512:1" for prefix_blocks: all rows must have blocks of 16 tokens/);
});

Deno.test("tokens are kept where they are asked for, prefixes first", () => {
  const rows = [
    rowWith({ prefixGroup: "g", prefixLength: 4, arrivalTimeUs: 5 }),
    rowWith({ prefixGroup: "g", prefixLength: 4, arrivalTimeUs: 1 }),
  ];
  const [a, b] = requestsOf(replayOf(rows, { keepTokens: true }));
  assert.equal(a!.tokens!.length, 19);
  assert.deepEqual(a!.tokens!.slice(0, 4), b!.tokens!.slice(0, 4));
  assert.notDeepEqual(a!.tokens!.slice(4), b!.tokens!.slice(4));
});

const SESSION = [
  rowWith({ requestId: 0, sessionId: "s", roundIndex: 0, arrivalTimeUs: 100 }),
  rowWith({ requestId: 1, arrivalTimeUs: 50 }),
  rowWith({ requestId: 2, sessionId: "s", roundIndex: 1, arrivalTimeUs: 700, inputTokens: 20 }),
  rowWith({ requestId: 3, sessionId: "s", roundIndex: 2, arrivalTimeUs: 900, outputTokens: 1 }),
];

Deno.test("in a closed loop an answer brings the next round, after the recorded pause", () => {
  const closedLoop = { thinkTimeUs: 0, accumulates: false };
  const replay = replayOf(SESSION, { closedLoop, horizonUs: 800 });
  const [single, first] = requestsOf(replay);
  assert.deepEqual([single!.number, first!.number, replay.numRequests], [1, 0, 2]);
  assert.deepEqual(complete(replay, single!, 120), []);
  const [second] = complete(replay, first!, 130);
  assert.equal(second!.id, "session_s_round_1_1");
  assert.deepEqual([second!.arrivalUs, second!.promptTokens, second!.round], [730, 20, 1]);
  assert.equal(second!.deadlineUs, 730 + 300_000_000);
  assert.deepEqual(complete(replay, second!, 790), []);
  assert.equal(replay.sessions!.numCutRounds, 1);
});

Deno.test("the rounds after one that failed are lost, not cut off by the horizon", () => {
  const closedLoop = { thinkTimeUs: 0, accumulates: false };
  const replay = replayOf(SESSION, { closedLoop, horizonUs: 800 });
  const [, first] = requestsOf(replay);
  first!.state = RequestState.TIMED_OUT;
  assert.deepEqual(replay.onFinished!(first!, 130), []);
  assert.equal(replay.numRecorded, 4);
  assert.deepEqual([replay.sessions!.numLostRounds, replay.sessions!.numCutRounds], [2, 0]);
});

Deno.test("a pause of one's own replaces the recorded ones, also those in their column", () => {
  const rows = SESSION.map((row) => ({ ...row, thinkTimeUs: row.roundIndex * 40 }));
  const pause = (thinkTimeUs: number) => {
    const closedLoop = { thinkTimeUs, accumulates: false };
    const replay = replayOf(rows, { closedLoop, horizonUs: 1e9 });
    const [, first] = requestsOf(replay);
    const [second] = complete(replay, first!, 1000);
    const [third] = complete(replay, second!, 2000);
    return [second!.arrivalUs - 1000, third!.arrivalUs - 2000];
  };
  assert.deepEqual(pause(0), [40, 80]);
  assert.deepEqual(pause(500), [500, 500]);
});

Deno.test("prompts that accumulate repeat all that went before", () => {
  const closedLoop = { thinkTimeUs: 0, accumulates: true };
  const replay = replayOf(SESSION, { closedLoop, horizonUs: 1e9 });
  const [, first] = requestsOf(replay);
  const [second] = complete(replay, first!, 1000);
  assert.equal(second!.promptTokens, 10 + 4 + 20);
  assert.equal(second!.shared, first!.shared);
});

Deno.test("a session that lacks its first rounds starts later, a gap after that is an error", () => {
  const late = SESSION.filter(({ requestId }) => requestId !== 0);
  const closedLoop = { thinkTimeUs: 7, accumulates: false };
  const replay = replayOf(late, { closedLoop, horizonUs: 1e9 });
  assert.equal(replay.sessions!.numLate, 1);
  const [, first] = requestsOf(replay);
  assert.equal(complete(replay, first!, 1000)[0]!.id, "session_s_round_2_1");
  const gap = SESSION.filter(({ requestId }) => requestId !== 2);
  assert.match(configErrorOf(() => replayOf(gap, { closedLoop })).message, /round 2 where round 1/);
});

Deno.test("a trace without rows and a request without prompt are errors", () => {
  assert.match(configErrorOf(() => replayOf([])).message, /no requests/);
  const empty = configErrorOf(() => replayOf([rowWith({ inputTokens: 0 })]));
  assert.deepEqual([empty.options.line, empty.options.file], [2, "t.csv"]);
  const replay = replayOf([rowWith({ inputTokens: 0, prefixGroup: "g" })]);
  assert.match(configErrorOf(() => replay.next()).message, /prompt of request 0 is empty/);
});

/** Texts with a few characters taken out, doubled or exchanged. */
function mutated(text: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(text.length),
    length: fc.nat(12),
    insert: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        '"',
        ",",
        "\n",
        "\r\n",
        "\0",
        "-",
        "1e9",
        "NaN",
        "9".repeat(20),
        ": ",
        "&a",
        "*a",
      ),
    ),
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce(
      (result, { at, length, insert }) => result.slice(0, at) + insert + result.slice(at + length),
      text,
    )
  );
}

/** True if an action succeeds or the user is to blame. */
function isOrderly(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    return error instanceof ConfigError;
  }
}

Deno.test("5,000 mutated traces are replayed or refused, but never crash", () => {
  const text = csvOf(SESSION);
  const replayAll = (csv: string) => {
    const closedLoop = { thinkTimeUs: 0, accumulates: false };
    const replay = replayOf(csv, { closedLoop });
    for (const request of requestsOf(replay)) complete(replay, request, 1000);
  };
  fc.assert(fc.property(mutated(text), (csv) => isOrderly(() => replayAll(csv))), {
    seed: 1,
    numRuns: 5000,
  });
});

Deno.test("5,000 mutated headers are read or refused, but never crash", () => {
  const text = traceHeaderText({ ...newTraceHeader("real", 7n), network: { measuredRttMs: 2.5 } });
  fc.assert(
    fc.property(mutated(text), (yaml) => isOrderly(() => readTraceHeader(yaml, "t.yaml"))),
    {
      seed: 1,
      numRuns: 5000,
    },
  );
});
