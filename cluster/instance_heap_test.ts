import assert from "node:assert/strict";
import fc from "fast-check";
import { instanceWith, linearLatency } from "../tests/fixtures/instances.ts";
import { requestWith } from "../tests/fixtures/requests.ts";
import { InstanceHeap } from "./instance_heap.ts";

const LATENCY = linearLatency({ step: [3, 1, 0] });

const ops = fc.array(
  fc.record({
    /** Instance that gets a request; undefined: the first one runs its next event. */
    inject: fc.option(fc.nat(6), { nil: undefined }),
    gapUs: fc.nat(2),
    outputTokens: fc.nat(3),
  }),
  { maxLength: 120, size: "max" },
);

Deno.test("InstanceHeap yields the instance of the next event, at equal times the lower index", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), ops, (size, list) => {
      const parts = Array.from({ length: size }, () => instanceWith({ latency: LATENCY }));
      const instances = parts.map(({ instance }) => instance);
      const heap = new InstanceHeap(instances);
      let nowUs = 0;
      list.forEach(({ inject, gapUs, outputTokens }, number) => {
        const nextUs = Math.min(...instances.map(({ nextEventUs }) => nextEventUs));
        if (inject === undefined) {
          if (nextUs !== Infinity) {
            nowUs = Math.max(nowUs, nextUs);
            heap.first.advanceOne();
            heap.update(heap.first);
          }
        } else {
          const { instance, table } = parts[inject % size]!;
          nowUs = Math.min(nowUs + gapUs, nextUs);
          const request = requestWith({ number, arrivalUs: nowUs, promptTokens: 1, outputTokens });
          table.add(request, 0);
          instance.inject(request, nowUs);
          heap.update(instance);
        }
        const times = instances.map(({ nextEventUs }) => nextEventUs);
        assert.equal(instances.indexOf(heap.first), times.indexOf(Math.min(...times)));
      });
    }),
    { seed: 1, numRuns: 300 },
  );
});
