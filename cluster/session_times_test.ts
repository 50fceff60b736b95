import assert from "node:assert/strict";
import { mean } from "../sim/distribution.ts";
import { resultWith, type Row } from "../tests/fixtures/results.ts";
import { sessionTimes } from "./session_times.ts";

/** Number of sessions; cold and warm TTFTs and durations, ascending, in ms. */
function timesOf(rows: readonly Row[]) {
  const times = sessionTimes(resultWith({ rows }));
  if (times === undefined) return undefined;
  const list = ({ count, at }: typeof times.duration) =>
    Array.from({ length: count }, (_, k) => at(k));
  return {
    numSessions: times.numSessions,
    cold: list(times.coldTtft),
    warm: list(times.warmTtft),
    durations: list(times.duration),
  };
}

Deno.test("a session lasts from the arrival of its first round to its last completion", () => {
  assert.deepEqual(
    timesOf([
      { sessionId: "a", round: 0, arrivalUs: 5000, ttftUs: 2000, e2eUs: 10_000 },
      { sessionId: "b", round: 0, arrivalUs: 6000, ttftUs: 1000, e2eUs: 3000 },
      { sessionId: "a", round: 1, arrivalUs: 20_000, ttftUs: 500, e2eUs: 4000 },
      { sessionId: "a", round: 2, arrivalUs: 30_000, ttftUs: 700 },
      { arrivalUs: 0, ttftUs: 99, e2eUs: 99 },
    ]),
    { numSessions: 2, cold: [1, 2], warm: [0.5, 0.7], durations: [3, 19] },
  );
});

Deno.test("a session without a completion or without its first round has no duration", () => {
  assert.deepEqual(
    timesOf([
      { sessionId: "a", round: 0, arrivalUs: 5000, ttftUs: 2000 },
      { sessionId: "b", round: 1, arrivalUs: 6000, ttftUs: 1000, e2eUs: 3000 },
    ]),
    { numSessions: 2, cold: [2], warm: [1], durations: [] },
  );
});

Deno.test("dropped requests and requests without a session do not count", () => {
  assert.equal(timesOf([{ ttftUs: 1, e2eUs: 2 }]), undefined);
  assert.equal(timesOf([{ sessionId: "a", isDropped: true }]), undefined);
});

Deno.test("a session that arrives at a fraction of a ms keeps it", () => {
  const times = sessionTimes(resultWith({
    rows: [{ sessionId: "a", arrivalUs: 1_234_567, ttftUs: 1, e2eUs: 1_000 }],
  }))!;
  assert.ok(Math.abs(mean(times.duration) - 1) < 1e-9);
});
