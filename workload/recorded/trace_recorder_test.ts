import assert from "node:assert/strict";
import { RequestTable } from "../../sim/metrics.ts";
import { RequestState } from "../../sim/request.ts";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { TraceRecorder } from "./trace_recorder.ts";

Deno.test("later rounds that repeat more than their prefix are counted", () => {
  const rounds = [
    requestWith({ round: 0, sharedTokens: 9 }),
    requestWith({ round: 1, sharedTokens: 9 }),
    requestWith({ round: 1, sharedTokens: 9, prefixTokens: 9 }),
    requestWith({ round: 1 }),
  ];
  const followUps = [requestWith({ round: 2, sharedTokens: 20 })];
  const recorder = new TraceRecorder({ next: () => rounds.shift(), onFinished: () => followUps });
  for (let next = recorder.next(); next !== undefined; next = recorder.next());
  assert.equal(recorder.numRepeating, 1);
  recorder.onFinished!(followUps[0]!, 5);
  assert.equal(recorder.numRepeating, 2);
});

Deno.test("a trace tells what became of each of many requests, however they overlap", () => {
  const count = 5000;
  const requests = Array.from(
    { length: count },
    (_, i) => requestWith({ number: i, arrivalUs: 10 * i, promptTokens: 1 + i % 7 }),
  );
  let numGiven = 0;
  const recorder = new TraceRecorder({ next: () => requests[numGiven++] });
  const table = new RequestTable();
  for (let i = 0; recorder.next() !== undefined; i++) {
    table.add(requests[i]!, 0);
    // Every tenth one never ends, the others much later than they came.
    const ending = i - 800;
    if (ending < 0 || ending % 10 === 0) continue;
    table.ttftUs.data[ending] = 3;
    table.e2eUs.data[ending] = 5 + ending;
    requests[ending]!.state = ending % 10 === 1 ? RequestState.TIMED_OUT : RequestState.COMPLETED;
  }
  const rows = [...recorder.rows({ table, numArrived: count, postDecodeUs: 0 })];
  assert.equal(rows.length, count);
  for (const [i, row] of rows.entries()) {
    assert.deepEqual([row.requestId, row.arrivalTimeUs, row.inputTokens], [i, 10 * i, 1 + i % 7]);
    const hasEnded = i < count - 800 && i % 10 !== 0;
    assert.equal(row.status, !hasEnded ? "incomplete" : i % 10 === 1 ? "timeout" : "ok");
    assert.equal(row.lastChunkTimeUs, hasEnded ? 10 * i + 5 + i : 0);
  }
});
