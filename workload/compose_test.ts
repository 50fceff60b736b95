import assert from "node:assert/strict";
import { ConfigError } from "../sim/internal/errors.ts";
import { clientWith, specWith } from "../tests/fixtures/workloads.ts";
import { compose } from "./compose.ts";

Deno.test("one spec composed is its clients with unchanged fractions", () => {
  const clients = [clientWith({ rateFraction: 0.3 }), clientWith({ rateFraction: 0.7 })];
  const spec = specWith(clients, { seed: 7n, numRequests: 9, horizonUs: 5, category: "language" });
  const composed = compose([spec]);
  assert.deepEqual(composed.clients, clients);
  assert.deepEqual(
    [composed.seed, composed.numRequests, composed.horizonUs, composed.category],
    [0n, 0, 0, "language"],
  );
});

Deno.test("rates add up, and each spec keeps its part of them", () => {
  const { aggregateRate, clients } = compose([
    specWith([clientWith({})], { aggregateRate: 30 }),
    specWith([clientWith({})], { aggregateRate: 10 }),
  ]);
  assert.equal(aggregateRate, 40);
  assert.deepEqual(clients.map(({ rateFraction }) => rateFraction), [0.75, 0.25]);
  const absolute = compose([specWith([clientWith({})], { aggregateRate: 0 })]);
  assert.equal(absolute.clients[0]!.rateFraction, 1);
});

Deno.test("a sum that is no rate is refused", () => {
  for (const aggregateRate of [-1, Infinity, NaN]) {
    assert.throws(() => compose([specWith([], { aggregateRate })]), ConfigError);
  }
});
