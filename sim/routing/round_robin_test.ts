import assert from "node:assert/strict";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { viewOfLoads } from "../../tests/fixtures/views.ts";
import { Random } from "../internal/random.ts";
import { roundRobin } from "./round_robin.ts";

Deno.test("round-robin goes round, whatever the load, and counts from 0", () => {
  const policy = roundRobin.create({ numInstances: 3, random: new Random(1), scorers: [] });
  const decisions = [5, 0, 9, 1].map((load) => {
    const target = policy.route(requestWith({}), viewOfLoads(load, 0, 3));
    return `${target} ${policy.reason()}`;
  });
  assert.deepEqual(decisions, [
    "0 round-robin[0]",
    "1 round-robin[1]",
    "2 round-robin[2]",
    "0 round-robin[3]",
  ]);
});
