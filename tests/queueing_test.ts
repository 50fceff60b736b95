import assert from "node:assert/strict";
import { Random } from "../sim/internal/random.ts";
import type { Request } from "../sim/request.ts";
import { instanceWith, linearLatency, runAll } from "./fixtures/instances.ts";
import { requestWith } from "./fixtures/requests.ts";

// Service is a chain of steps of equal length. It has many of them because an instance is idle as
// soon as its last request is in its last step, so that this one step may overlap the next service:
// with 100 steps that is far below the width of the interval.
const STEP_US = 100;
const MEAN_STEPS = 100;
const NUM_REQUESTS = 40_000;
const LOAD = 0.7;

/** Poisson arrivals at LOAD × capacity, each request `numSteps` long. */
function poissonArrivals(numSteps: (random: Random) => number): Request[] {
  const random = new Random(7n);
  let arrivalUs = 0;
  return Array.from({ length: NUM_REQUESTS }, (_, number) => {
    arrivalUs += Math.max(1, Math.round(random.exponential() * STEP_US * MEAN_STEPS / LOAD));
    return requestWith({ number, arrivalUs, promptTokens: 1, outputTokens: numSteps(random) });
  });
}

/** Mean wait of a server that takes one request at a time, and the half width of its 99.9 % interval. */
function meanWait(requests: Request[]): { readonly mean: number; readonly halfWidth: number } {
  const parts = instanceWith({ latency: linearLatency({ step: [STEP_US, 0, 0] }), maxNumSeqs: 1 });
  runAll(parts, requests);
  const waits = parts.table.schedulingDelayUs.view();
  // Waits of neighbours are alike; means of long batches are nearly independent.
  const batches = Array.from({ length: 40 }, (_, i) => waits.subarray(i * 1000, (i + 1) * 1000))
    .map((batch) => batch.reduce((a, b) => a + b, 0) / batch.length);
  const mean = batches.reduce((a, b) => a + b, 0) / batches.length;
  const variance = batches.reduce((a, b) => a + (b - mean) ** 2, 0) / (batches.length - 1);
  return { mean, halfWidth: 3.3 * Math.sqrt(variance / batches.length) };
}

function assertWithin({ mean, halfWidth }: ReturnType<typeof meanWait>, theoryUs: number): void {
  assert.ok(halfWidth < theoryUs / 5, `the interval ± ${halfWidth} is too wide to say anything`);
  assert.ok(
    Math.abs(mean - theoryUs) < halfWidth,
    `mean wait ${mean} µs, theory ${theoryUs} ± ${halfWidth} µs`,
  );
}

Deno.test("one request at a time with constant service waits as M/D/1 says", () => {
  const service = STEP_US * MEAN_STEPS;
  assertWithin(meanWait(poissonArrivals(() => MEAN_STEPS)), LOAD * service / (2 * (1 - LOAD)));
});

Deno.test("one request at a time with exponential service waits as M/M/1 says", () => {
  const service = STEP_US * MEAN_STEPS;
  const exponential = (random: Random) =>
    Math.max(1, Math.round(random.exponential() * MEAN_STEPS));
  assertWithin(meanWait(poissonArrivals(exponential)), LOAD * service / (1 - LOAD));
});
