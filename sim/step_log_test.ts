import assert from "node:assert/strict";
import fc from "fast-check";
import { StepLog } from "./step_log.ts";

Deno.test("StepLog remembers every step back to the oldest that was asked for", () => {
  const reach = fc.array(fc.constantFrom(1, 50, 700, 3000), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), reach, (firstStep, reaches) => {
      const log = new StepLog();
      const plain: number[] = [];
      let oldest = firstStep;
      for (let step = firstStep; step < firstStep + 6000; step++) {
        const reach = reaches[Math.floor(step / 1000) % reaches.length]!;
        oldest = Math.max(oldest, step - reach);
        plain[step] = (step * 7919) % 5000;
        log.push(step, plain[step]!, () => oldest);
        if (step % 97 !== 0) continue;
        for (let past = oldest; past <= step; past++) assert.equal(log.at(past), plain[past]);
      }
    }),
    { seed: 1, numRuns: 10 },
  );
});

Deno.test("StepLog asks for the oldest step only when it is full", () => {
  const log = new StepLog();
  let asked = 0;
  for (let step = 1; step <= 10_000; step++) {
    log.push(step, step, () => {
      asked++;
      return step;
    });
  }
  assert.ok(asked <= 10, `asked ${asked} times`);
});
