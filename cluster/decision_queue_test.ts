import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import type { Request } from "../sim/request.ts";
import { DecisionQueue } from "./decision_queue.ts";

Deno.test("DecisionQueue is first in, first out, however it grows and wraps around", () => {
  const burst = fc.tuple(fc.nat(40), fc.nat(40));
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 20 }), (bursts) => {
      const queue = new DecisionQueue();
      const plain: { readonly timeUs: number; readonly request: Request }[] = [];
      let timeUs = 0;
      for (const [pushes, shifts] of bursts) {
        for (let i = 0; i < pushes; i++) {
          const request = requestWith({ number: timeUs });
          queue.push(++timeUs, request);
          plain.push({ timeUs, request });
        }
        for (let i = Math.min(shifts, plain.length); i > 0; i--) {
          assert.equal(queue.nextUs, plain[0]!.timeUs);
          assert.equal(queue.shift(), plain.shift()!.request);
        }
        assert.equal(queue.nextUs, plain[0]?.timeUs ?? Infinity);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});
