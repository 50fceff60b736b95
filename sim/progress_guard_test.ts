import assert from "node:assert/strict";
import { InstanceMetrics } from "./metrics.ts";
import { ProgressGuard } from "./progress_guard.ts";

Deno.test("a run in which requests only preempt each other is ended, one that completes some is not", () => {
  const fruitless = new InstanceMetrics();
  const guard = new ProgressGuard();
  guard.check(fruitless);
  fruitless.numPreemptions = 1_000_000;
  assert.throws(() => guard.check(fruitless), /without end/);

  const busy = new InstanceMetrics();
  const patient = new ProgressGuard();
  for (let i = 0; i < 10; i++) {
    busy.numPreemptions += 900_000;
    busy.numCompleted++;
    patient.check(busy);
  }
});

Deno.test("a run in which requests wait and nothing ever runs is ended", () => {
  const metrics = new InstanceMetrics();
  const guard = new ProgressGuard();
  const idle = () => {
    for (let i = 0; i < 1_000_000; i++) guard.noteIdle(metrics);
  };
  assert.throws(idle, /without end/);
});
