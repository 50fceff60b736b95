import assert from "node:assert/strict";
import fc from "fast-check";
import { resultWith, type Row } from "../tests/fixtures/results.ts";
import { anomaliesOf, compareArrivals, countHolBlocking, countSlower } from "./anomalies.ts";

/** The definition, in O(n²). */
function countSlowerPlainly(e2e: readonly number[]): number {
  let count = 0;
  e2e.forEach((early, i) => {
    for (const late of e2e.slice(i + 1)) if (early > 2 * late) count++;
  });
  return count;
}

Deno.test("countSlower counts the pairs that the definition names", () => {
  const e2e = fc.oneof(fc.nat(20), fc.nat(1_000_000), fc.double({ min: 0, max: 9, noNaN: true }));
  fc.assert(
    fc.property(fc.array(e2e, { maxLength: 60 }), (list) => {
      assert.equal(countSlower(list), countSlowerPlainly(list));
    }),
    { seed: 1, numRuns: 1000 },
  );
});

const inversionsOf = (rows: readonly Row[], numInstances = 1) =>
  anomaliesOf(resultWith({
    rows,
    instances: new Array(numInstances).fill({}),
    countsInversions: true,
  })).priorityInversions;

Deno.test("an inversion is a request that took over twice as long as a later one of its class", () => {
  assert.equal(inversionsOf([{ arrivalUs: 0, e2eUs: 201 }, { arrivalUs: 1, e2eUs: 100 }]), 1);
  assert.equal(inversionsOf([{ arrivalUs: 0, e2eUs: 200 }, { arrivalUs: 1, e2eUs: 100 }]), 0);
  assert.equal(inversionsOf([{ arrivalUs: 1, e2eUs: 900 }, { arrivalUs: 0, e2eUs: 100 }]), 0);
});

Deno.test("inversions are counted within a class and an instance, over requests that completed", () => {
  const slow = { arrivalUs: 0, e2eUs: 900 };
  const fast = { arrivalUs: 1, e2eUs: 100 };
  const labels = { sloClass: "default" };
  assert.equal(inversionsOf([slow, { ...fast, labels }]), 1, "an empty class is `default`");
  assert.equal(inversionsOf([slow, { ...fast, labels: { sloClass: "batch" } }]), 0);
  assert.equal(inversionsOf([slow, { ...fast, instance: 1 }], 2), 0);
  assert.equal(inversionsOf([slow, { arrivalUs: 1, ttftUs: 5 }]), 0, "it timed out");
  assert.equal(inversionsOf([slow, { ...fast, isDropped: true }]), 0);
});

Deno.test("inversions are not counted where the order of the queue is not by priority", () => {
  const rows = [{ arrivalUs: 0, e2eUs: 900 }, { arrivalUs: 1, e2eUs: 100 }];
  assert.equal(anomaliesOf(resultWith({ rows })).priorityInversions, 0);
});

Deno.test("requests that arrive together are ordered by number, follow-ups last by their counter", () => {
  const rows: Row[] = [
    { number: -1, name: "s_followup_10" },
    { number: 10 },
    { number: -1, name: "s_followup_9" },
    { number: 2 },
    { number: 5, arrivalUs: -1 },
  ];
  const { table } = resultWith({ rows });
  const order = [...rows.keys()].sort((a, b) => compareArrivals(table, a, b));
  assert.deepEqual(order.map((row) => table.id(row)), [
    "request_5",
    "request_2",
    "request_10",
    "s_followup_9",
    "s_followup_10",
  ]);
});

Deno.test("head-of-line blocking is a mean queue of more than twice the mean of all", () => {
  assert.equal(countHolBlocking([9, 1, 1]), 1);
  assert.equal(countHolBlocking([6, 2, 1]), 0, "6 is exactly twice the mean");
  assert.equal(countHolBlocking([7, 7, 0, 0, 0, 0, 0]), 2);
});

Deno.test("one instance, two instances and idle ones never block", () => {
  assert.equal(countHolBlocking([5]), 0);
  assert.equal(countHolBlocking([5, 0]), 0);
  assert.equal(countHolBlocking([0, 0, 0]), 0);
});
