import assert from "node:assert/strict";

import { resultWith, tableOf } from "../tests/fixtures/results.ts";
import { saturationOf } from "./saturation.ts";

const GAP_US = 1000;

/** Requests at equal gaps whose wait and further stay are functions of their place. */
function runOf(
  numRequests: number,
  waitUs: (i: number) => number,
  stayUs: (i: number) => number = () => 5000,
) {
  const rows = Array.from({ length: numRequests }, (_, i) => ({
    arrivalUs: i * GAP_US,
    ttftUs: waitUs(i),
    e2eUs: waitUs(i) + stayUs(i),
  }));
  const table = tableOf(rows);
  for (let i = 0; i < numRequests; i++) table.schedulingDelayUs.data[i] = waitUs(i);
  return { ...resultWith({}), table, numArrived: numRequests };
}

Deno.test("a queue that stays as long as it is is stable, however long", () => {
  for (const waitUs of [0, 1000, 40_000]) {
    assert.equal(saturationOf(runOf(300, () => waitUs)).verdict, "stable");
  }
});

Deno.test("a queue that grows with the arrivals is saturated", () => {
  const { verdict, drift, waiting } = saturationOf(runOf(300, (i) => i * 500));
  assert.equal(verdict, "saturated");
  assert.ok(drift > 0.2 && waiting[1] > waiting[0]);
});

Deno.test("a queue that grows a little is at the knee", () => {
  assert.equal(saturationOf(runOf(600, (i) => i * 18)).verdict, "at the knee");
});

Deno.test("requests that never entered a batch wait for ever", () => {
  const run = runOf(300, () => 0);
  for (let i = 0; i < 300; i += 3) {
    run.table.schedulingDelayUs.data[i] = NaN;
    run.table.e2eUs.data[i] = NaN;
  }
  assert.equal(saturationOf(run).verdict, "saturated");
});

Deno.test("clients that give up are a sign of saturation in a short run too", () => {
  const run = { ...runOf(5, () => 0) };
  const { instances } = resultWith({ instances: [{ metrics: { numTimedOut: 1 } }] });
  assert.equal(saturationOf({ ...run, instances }).verdict, "saturated");
});

Deno.test("a run that ends while most of it is in flight shows no balance", () => {
  const { verdict, reason } = saturationOf(runOf(100, () => 0, () => 80_000));
  assert.equal(verdict, "at the knee");
  assert.match(reason, /too short to tell: 80 %/);
});

Deno.test("a batch that still grows is at the knee", () => {
  const { verdict, reason } = saturationOf(runOf(900, () => 0, (i) => 100_000 + i * 250));
  assert.equal(verdict, "at the knee");
  assert.match(reason, /in flight still grew from 170 to 230, batches hold 256/);
});

Deno.test("a batch that grows far below what it holds is stable", () => {
  assert.equal(saturationOf(runOf(900, () => 0, (i) => 20_000 + i * 50)).verdict, "stable");
});

Deno.test("counts that vary no more than chance would make them are stable, however near the end", () => {
  // In flight: 240 to 246 of 256.
  assert.equal(saturationOf(runOf(900, () => 0, (i) => 231_000 + i * 20)).verdict, "stable");
});

Deno.test("a run without requests, or with all at once, is stable", () => {
  assert.equal(saturationOf(resultWith({})).verdict, "stable");
  const run = runOf(50, () => 0, () => 0);
  run.table.arrivalUs.data.fill(0);
  assert.equal(saturationOf(run).verdict, "stable");
});
