import assert from "node:assert/strict";
import { NO_LABELS, requestWith } from "../../tests/fixtures/requests.ts";
import { type SchedulerName, schedulers } from "../schedulers/mod.ts";
import { SloRanks } from "../slo.ts";
import { priorities, type PriorityName } from "./mod.ts";

/** Arrivals of three requests in the order in which they are served. */
function served(priority: PriorityName, scheduler: SchedulerName): number[] {
  const policy = priorities[priority].create(new SloRanks({}));
  const classes = ["batch", "", "critical"];
  const requests = classes.map((sloClass, i) => {
    const request = requestWith({
      number: i,
      arrivalUs: 100 * i,
      labels: { ...NO_LABELS, sloClass },
    });
    request.priority = policy.priorityOf(request);
    return request;
  });
  return requests.sort(schedulers[scheduler].order).map(({ arrivalUs }) => arrivalUs);
}

Deno.test("each priority policy orders the queue as its scores of the age would", () => {
  const FIRST_COME = [0, 100, 200];
  const LAST_COME = [200, 100, 0];
  assert.deepEqual(served("constant", "priority-fcfs"), FIRST_COME);
  assert.deepEqual(served("constant", "reverse-priority"), FIRST_COME);
  assert.deepEqual(served("slo-based", "priority-fcfs"), FIRST_COME);
  assert.deepEqual(served("slo-based", "reverse-priority"), LAST_COME);
  assert.deepEqual(served("inverted-slo", "priority-fcfs"), LAST_COME);
  assert.deepEqual(served("inverted-slo", "reverse-priority"), FIRST_COME);
});

Deno.test("slo-class serves critical requests first, batch ones last", () => {
  assert.deepEqual(served("slo-class", "priority-fcfs"), [200, 100, 0]);
  assert.deepEqual(served("slo-class", "reverse-priority"), [0, 100, 200]);
});

Deno.test("policies by age count inversions in any case, constant never, slo-class as the scheduler says", () => {
  const counts = Object.entries(priorities).map(([name, { create }]) => [
    name,
    create(new SloRanks({})).countsInversions,
  ]);
  assert.deepEqual(Object.fromEntries(counts), {
    "slo-class": undefined,
    constant: false,
    "slo-based": true,
    "inverted-slo": true,
  });
});
