import assert from "node:assert/strict";
import fc from "fast-check";
import { sessionSpecs, singleSpecs, start, take, userSpecs } from "../tests/fixtures/workloads.ts";
import { trafficOf } from "./traffic.ts";
import { summarizeTraffic } from "./traffic_summary.ts";

const LIMITS = { horizonUs: 3_000_000, maxRequests: 200 };

Deno.test("without anybody who waits, traffic is what is generated", () => {
  fc.assert(
    fc.property(singleSpecs, (spec) => {
      const times = [...trafficOf(start(spec, LIMITS), 10_000)].map((r) => r.arrivalUs);
      assert.deepEqual(times, take(start(spec, LIMITS)).map((r) => r.arrivalUs));
    }),
    { seed: 11, numRuns: 50 },
  );
});

Deno.test("traffic comes by arrival, and each round after the answer to the one before it", () => {
  fc.assert(
    fc.property(fc.oneof(sessionSpecs(1), userSpecs), fc.nat(50_000), (spec, usPerToken) => {
      // Clients of one id share the ids of their sessions.
      fc.pre(new Set(spec.clients.map(({ id }) => id)).size === spec.clients.length);
      const source = start(spec, LIMITS);
      const answers = new Map<string, number>();
      let lastUs = 0;
      for (const request of trafficOf(source, usPerToken)) {
        const { sessionId, name, arrivalUs } = request;
        assert.ok(arrivalUs >= lastUs);
        lastUs = arrivalUs;
        if (name !== "") assert.ok(arrivalUs >= answers.get(sessionId)!);
        answers.set(sessionId, arrivalUs + request.outputTokens * usPerToken);
      }
    }),
    { seed: 12, numRuns: 50 },
  );
});

Deno.test("a summary counts each request once in every table", () => {
  const anySpec = fc.oneof(singleSpecs, sessionSpecs(1), userSpecs);
  fc.assert(
    fc.property(anySpec, fc.boolean(), (spec, endsAtHorizon) => {
      const requests = [...trafficOf(start(spec, LIMITS), 5000)];
      const untilUs = endsAtHorizon ? LIMITS.horizonUs : Infinity;
      const summary = summarizeTraffic(requests, untilUs);
      const { numRequests, prompt, output, clients, sloClasses, tenants } = summary;
      assert.equal(numRequests, requests.length);
      for (const { histogram, min, max } of [prompt, output]) {
        assert.equal(sum(histogram.map(({ count }) => count)), numRequests);
        if (numRequests > 0) assert.ok(histogram[0]!.from <= min && histogram.at(-1)!.to > max);
      }
      for (const shares of [clients, sloClasses, tenants]) {
        assert.equal(sum(shares.map((share) => share.numRequests)), numRequests);
      }
      const counted = sum(summary.rates.map((r) => r.ratePerSecond * (r.toUs - r.fromUs) / 1e6));
      if (summary.durationUs > 0) assert.equal(Math.round(counted), numRequests);
      assert.ok(summary.repeatedTokens <= summary.totalPromptTokens);
      assert.ok(summary.numSessionRequests <= numRequests);
    }),
    { seed: 13, numRuns: 100 },
  );
});

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
