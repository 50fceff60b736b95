import assert from "node:assert/strict";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { viewOf, viewOfLoads } from "../../tests/fixtures/views.ts";
import { Random, streamSeed } from "../internal/random.ts";
import { leastLoaded } from "./least_loaded.ts";

const REQUEST = requestWith({});

function policyOf(numInstances: number, seed = 42n) {
  const random = new Random(streamSeed(seed, "router"));
  return leastLoaded.create({ numInstances, random, scorers: [] });
}

Deno.test("least-loaded takes the decisions of the recorded example of three instances", () => {
  const rows: [loads: number[], target: number][] = [
    [[0, 0, 0], 0],
    [[1, 0, 0], 1],
    [[2, 2, 0], 2],
    [[2, 2, 1], 2],
    [[2, 2, 2], 2],
    [[2, 2, 6], 0],
    [[3, 2, 6], 1],
    [[3, 3, 6], 1],
    [[4, 6, 6], 0],
    [[5, 6, 6], 0],
  ];
  const policy = policyOf(3);
  const chosen = rows.map(([loads]) => policy.route(REQUEST, viewOfLoads(...loads)));
  assert.deepEqual(chosen, rows.map(([, target]) => target));
  assert.equal(policy.reason(), "least-loaded (load=5)");
});

Deno.test("least-loaded counts waiting, running and in-flight requests alike", () => {
  const view = viewOf([
    { queueDepth: 3, inFlight: 3 },
    { batchSize: 2, inFlight: 3 },
    { queueDepth: 1, batchSize: 3, inFlight: 2 },
  ]);
  assert.equal(policyOf(3).route(REQUEST, view), 1);
});

Deno.test("least-loaded draws ties from the router's stream, by position among the tied", () => {
  const policy = policyOf(6);
  const chosen = Array.from(
    { length: 8 },
    () => policy.route(REQUEST, viewOfLoads(9, 0, 0, 5, 0, 0)),
  );
  assert.deepEqual(chosen, [2, 0, 3, 2, 3, 3, 0, 3].map((tied) => [1, 2, 4, 5][tied]));
});

Deno.test("least-loaded draws nothing where one instance has least to do", () => {
  const policy = policyOf(4);
  for (let i = 0; i < 5; i++) policy.route(REQUEST, viewOfLoads(1, 0, 1, 1));
  assert.equal(policy.route(REQUEST, viewOfLoads(0, 0, 0, 0)), 2, "the first draw of the stream");
});
