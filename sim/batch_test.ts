import assert from "node:assert/strict";
import fc from "fast-check";
import { GpuCache } from "../kv/gpu_cache.ts";
import { instanceWith, runAll } from "../tests/fixtures/instances.ts";
import { build, type Scenario, scenario } from "../tests/fixtures/scenarios.ts";
import type { Instance } from "./instance.ts";

/** All that a run leaves behind; `walk` forms every step by walking the running list. */
function outcome(given: Scenario, walk: boolean) {
  const { options, requests } = build(given);
  const parts = instanceWith(options);
  const kv = parts.instance.kv as GpuCache;
  if (walk) Object.defineProperty(kv, "decodesTouchBlocksOnly", { value: false });
  runAll(parts, requests);
  const { instance, table } = parts;
  return {
    metrics: { ...instance.metrics, dropped: [...instance.metrics.dropped] },
    nowUs: instance.nowUs,
    left: [instance.waiting.length, instance.running.size],
    columns: [table.ttftUs, table.itlUs, table.e2eUs, table.schedulingDelayUs]
      .map((column) => [...column.view()]),
    itl: instance.latencies.histogram.sorted(),
    hits: [kv.hits, kv.misses, kv.pool.numFree],
  };
}

Deno.test("a step that looks only at what changes equals a walk over the running list", () => {
  fc.assert(
    fc.property(scenario, (given) => {
      assert.deepEqual(outcome(given, false), outcome(given, true));
    }),
    { seed: 1, numRuns: 1500 },
  );
});

Deno.test("every request ends in exactly one state, and no KV block leaks", () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const { options, requests } = build(given);
      const parts = instanceWith({ ...options, horizonUs: Infinity });
      runAll(parts, requests);
      const { metrics, waiting, running, kv }: Instance = parts.instance;
      assert.equal(
        metrics.numCompleted + metrics.numTimedOut + metrics.numDropped,
        requests.length,
      );
      assert.deepEqual([waiting.length, running.size, running.numDecodes], [0, 0, 0]);
      assert.equal(kv.numFreeBlocks, kv.numBlocks);
      const e2e = parts.table.e2eUs.view().filter((value) => !Number.isNaN(value));
      assert.equal(e2e.length, metrics.numCompleted);
      const itls = parts.instance.latencies.histogram.sorted().counts.reduce((a, b) => a + b, 0);
      assert.equal(itls, metrics.outputTokens - requests.filter(completedWithOutput(parts)).length);
    }),
    { seed: 2, numRuns: 1000 },
  );
});

/** A completed request has one inter-token latency less than output tokens. */
function completedWithOutput({ table }: ReturnType<typeof instanceWith>) {
  return (request: { row: number; outputTokens: number }) =>
    request.outputTokens > 0 && !Number.isNaN(table.e2eUs.data[request.row]!);
}

Deno.test("the order in which equal arrivals are injected does not change sorted schedules", () => {
  fc.assert(
    fc.property(
      scenario,
      fc.constantFrom("sjf" as const, "priority-fcfs" as const),
      (given, scheduler) => {
        const end = (reverse: boolean) => {
          const { options, requests } = build({
            requests: given.requests.map((r) => ({ ...r, gapUs: 0, sharedTokens: 0 })),
            options: { ...given.options, scheduler, maxNumSeqs: 1, numBlocks: 80 },
          });
          const parts = instanceWith({
            ...options,
            latency: { ...options.latency, queueingUs: () => 0 },
          });
          const ordered = reverse ? requests.toReversed() : requests;
          runAll(parts, ordered);
          return new Map(ordered.map((r) => [r.number, parts.table.e2eUs.data[r.row]]));
        };
        const forward = end(false);
        const backward = end(true);
        for (const [number, e2e] of forward) assert.equal(backward.get(number), e2e);
      },
    ),
    { seed: 3, numRuns: 200 },
  );
});
