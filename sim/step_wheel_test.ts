import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import type { Request } from "./request.ts";
import { StepWheel } from "./step_wheel.ts";

const NUM_SLOTS = 8;

const ascending = (a: number, b: number) => a - b;

Deno.test("StepWheel holds what was filed and not removed, by step modulo its slots", () => {
  const op = fc.record({
    step: fc.nat(40),
    remove: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(op, { maxLength: 80 }), (ops) => {
      const wheel = new StepWheel(NUM_SLOTS, "duePosition");
      const filed: { readonly request: Request; readonly step: number }[] = [];
      ops.forEach(({ step, remove }, number) => {
        if (remove !== undefined && filed.length > 0) {
          const [entry] = filed.splice(remove % filed.length, 1);
          wheel.remove(entry!.request, entry!.step);
          assert.equal(entry!.request.duePosition, -1);
        } else {
          const request = requestWith({ number });
          filed.push({ request, step });
          wheel.add(request, step);
        }
        for (let slot = 0; slot < NUM_SLOTS; slot++) {
          const expected = filed.filter(({ step }) => step % NUM_SLOTS === slot);
          assert.deepEqual(
            wheel.slot(slot + NUM_SLOTS).map(({ number }) => number).sort(ascending),
            expected.map(({ request }) => request.number).sort(ascending),
          );
        }
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("two wheels keep their positions of one request apart", () => {
  const due = new StepWheel(4, "duePosition");
  const blocks = new StepWheel(4, "blockPosition");
  const [a, b] = [requestWith({ number: 0 }), requestWith({ number: 1 })];
  due.add(a, 1);
  due.add(b, 1);
  blocks.add(b, 1);
  due.remove(a, 1);
  assert.deepEqual([due.slot(1), blocks.slot(1)], [[b], [b]]);
  blocks.remove(b, 1);
  assert.deepEqual([due.slot(1), blocks.slot(1)], [[b], []]);
});
