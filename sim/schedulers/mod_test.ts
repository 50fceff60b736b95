import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../../tests/fixtures/requests.ts";
import type { Request } from "../request.ts";
import { type SchedulerName, schedulers } from "./mod.ts";

function requestOf(number: number, promptTokens: number, arrivalUs: number, priority: number) {
  const request = requestWith({ number, promptTokens, arrivalUs });
  request.priority = priority;
  return request;
}

const requests = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), { maxLength: 14 })
  .map((list) => list.map((keys, number) => requestOf(number, ...keys)));

/** Numbers of requests in the order in which a scheduler serves them. */
function served(name: SchedulerName, waiting: readonly Request[]): number[] {
  return [...waiting].sort(schedulers[name].order).map(({ number }) => number);
}

Deno.test("each scheduler serves by its own key, then by arrival, then by id", () => {
  const waiting = [
    requestOf(0, 30, 100, 1),
    requestOf(1, 10, 200, 1),
    requestOf(2, 20, 100, 0),
    requestOf(10, 30, 100, 1),
    requestOf(3, 30, 100, 5),
  ];
  assert.deepEqual(served("priority-fcfs", waiting), [2, 0, 10, 1, 3]);
  assert.deepEqual(served("reverse-priority", waiting), [3, 0, 10, 1, 2]);
  assert.deepEqual(served("sjf", waiting), [1, 2, 0, 10, 3], "request_10 goes before request_3");
  assert.equal(schedulers.fcfs.order, undefined, "fcfs keeps the order of the queue");
});

Deno.test("every order is total, so the order of the queue before does not matter", () => {
  const names = fc.constantFrom<SchedulerName>("priority-fcfs", "reverse-priority", "sjf");
  fc.assert(
    fc.property(names, requests, (name, waiting) => {
      assert.deepEqual(served(name, waiting.toReversed()), served(name, waiting));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("only priority-fcfs makes a late service a priority inversion", () => {
  const counting = Object.entries(schedulers).filter(([, { countsInversions }]) =>
    countsInversions
  );
  assert.deepEqual(counting.map(([name]) => name), ["priority-fcfs"]);
});
