import assert from "node:assert/strict";
import type { FittedLatency } from "./fit_latency.ts";
import type { ObservedRequest } from "./observed_batch.ts";
import { refineLatency } from "./refine_latency.ts";

const REQUESTS: ObservedRequest[] = [1, 2, 3].map((i) => ({
  sentUs: 1e6 * i,
  firstTokenUs: 1e6 * i + 40_000,
  lastTokenUs: 1e6 * i + 140_000,
  prefillTokens: 80,
  decodeTokens: 20,
  isTraining: true,
}));
const TRUTH: FittedLatency = { alpha: [3000, 0, 50], beta: [1000, 300, 2000] };

/** Sum of what each coefficient is away from the truth, as a share of the largest of its kind. */
function distance({ alpha, beta }: FittedLatency): number {
  const scales = [3000, 300, 50, 2000, 300, 2000];
  const truth = [...TRUTH.alpha, ...TRUTH.beta];
  return [...alpha, ...beta].reduce((sum, x, i) => sum + Math.abs(x - truth[i]!) / scales[i]!, 0);
}

Deno.test("coefficients are moved to where the error is small, none below 0", () => {
  const start: FittedLatency = { alpha: [0, 100, 50], beta: [0, 400, 2500] };
  const refined = refineLatency(start, REQUESTS, distance);
  assert.ok(distance(start) > 2);
  assert.ok(distance(refined) < 0.1, JSON.stringify(refined));
  assert.equal(refined.alpha[1], 0);
});

Deno.test("a fit that explains everything is left as it is", () => {
  const start: FittedLatency = { ...TRUTH, alpha: [3020, 0, 50] };
  assert.equal(refineLatency(start, REQUESTS, distance), start);
});

Deno.test("a decode never takes no time, however good that would look", () => {
  const shortest = ({ beta }: FittedLatency) => 1 + beta[0] + beta[2];
  const { beta } = refineLatency(TRUTH, REQUESTS, shortest);
  assert.ok(beta[0] + beta[2] > 0);
});
