import assert from "node:assert/strict";
import { requestWith } from "../tests/fixtures/requests.ts";
import { type PreemptionName, preemptionPolicies } from "./preemption.ts";

/** Index of the victim among running requests of some priority and arrival. */
function victim(name: PreemptionName, running: readonly (readonly [number, number])[]): number {
  const requests = running.map(([priority, arrivalUs]) => {
    const request = requestWith({ arrivalUs });
    request.priority = priority;
    return request;
  });
  return preemptionPolicies[name].policy.victim(requests);
}

Deno.test("fcfs preempts the request that was admitted last", () => {
  assert.equal(victim("fcfs", [[7, 300], [0, 100], [0, 200]]), 2);
});

Deno.test("priority preempts the least urgent request", () => {
  assert.equal(victim("priority", [[1, 100], [7, 0], [5, 900]]), 1);
});

Deno.test("priority preempts the last arrival of the least urgent, and of equal arrivals the last admitted", () => {
  assert.equal(victim("priority", [[7, 100], [7, 300], [7, 200], [1, 900]]), 1);
  assert.equal(victim("priority", [[7, 300], [7, 300], [7, 200]]), 1);
});
