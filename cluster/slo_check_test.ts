import assert from "node:assert/strict";
import { resultWith, type Row } from "../tests/fixtures/results.ts";
import { clusterMetrics, type RunResult } from "./result.ts";
import { checkSlos, goodputPerClass } from "./slo_check.ts";
import { parseSloTarget, type SloTarget } from "./slo_target.ts";

function targets(...texts: readonly string[]): SloTarget[] {
  return texts.map((text) => parseSloTarget(text) as SloTarget);
}

function outcomes(result: RunResult, ...texts: readonly string[]) {
  return checkSlos(targets(...texts), { result, metrics: clusterMetrics(result) });
}

function row(sloClass: string, ttftUs: number, e2eUs = 2 * ttftUs): Row {
  return { labels: { sloClass }, ttftUs, itlUs: 1000, e2eUs };
}

Deno.test("the value of a percentile is held against its limit, with a relative margin", () => {
  const result = resultWith({ rows: [row("", 100), row("", 200), row("", 300)] });
  const [below, at, open, above] = outcomes(
    result,
    "ttft.p50<0.4ms",
    "ttft.p50<=0.2ms",
    "ttft.p50<0.2ms",
    "ttft.max<0.2ms",
  );
  assert.deepEqual([below!.value, below!.holds, below!.margin], [200, true, 0.5]);
  assert.deepEqual([at!.holds, open!.holds], [true, false]);
  assert.deepEqual([above!.value, above!.holds, above!.margin], [300, false, -0.5]);
});

Deno.test("an SLO of a class looks at its requests only", () => {
  const result = resultWith({ rows: [row("critical", 100), row("batch", 900), row("", 500)] });
  const values = outcomes(
    result,
    "critical:ttft.max<1ms",
    "batch:ttft.max<1ms",
    "default:ttft.max<1ms",
    "ttft.max<1ms",
  ).map(({ value }) => value);
  assert.deepEqual(values, [100, 900, 500, 900]);
});

Deno.test("what was not measured does not hold", () => {
  const result = resultWith({ rows: [row("batch", 100)] });
  for (const outcome of outcomes(result, "critical:ttft.p99<9s", "critical:goodput>0.1")) {
    assert.ok(Number.isNaN(outcome.value));
    assert.deepEqual([outcome.holds, outcome.margin], [false, -1]);
  }
  const [ttft] = outcomes(resultWith({ rows: [{}] }), "ttft.p99<9s");
  assert.equal(ttft!.holds, false);
});

Deno.test("a request is good if it completed within the limits of its class, else of all", () => {
  const result = resultWith({
    rows: [
      row("critical", 150),
      row("critical", 250),
      row("batch", 250),
      row("batch", 400),
      { labels: { sloClass: "batch" }, ttftUs: 10 },
    ],
  });
  const goodput = goodputPerClass(
    targets("ttft.p50<0.1ms", "ttft.p99<0.3ms", "critical:ttft.p99<0.2ms"),
    { result },
  );
  assert.deepEqual(goodput, [
    { name: "", requests: 5, completed: 4, good: 2 },
    { name: "batch", requests: 3, completed: 2, good: 1 },
    { name: "critical", requests: 2, completed: 2, good: 1 },
  ]);
});

Deno.test("targets of the workload limit a request where no SLO is about the metric", () => {
  const own = { labels: { sloClass: "critical", sloTargetUs: 200 }, ttftUs: 150, e2eUs: 900 };
  const result = resultWith({ rows: [own, row("critical", 150, 900), row("", 150, 900)] });
  const requestTargets = {
    critical: { ttftMs: 0.1, itlMs: 0, e2eMs: 1 },
    default: { ttftMs: 0, itlMs: 0, e2eMs: 0.5 },
  };
  const numGood = (...texts: readonly string[]) =>
    goodputPerClass(targets(...texts), { result, requestTargets }).map(({ good }) => good);
  assert.deepEqual(numGood(), [1, 1, 0]);
  assert.deepEqual(numGood("ttft.p99<0.2ms"), [2, 2, 0]);
  assert.deepEqual(numGood("e2e.p99<2ms"), [2, 1, 1]);
  assert.deepEqual(numGood("goodput>=0.5"), [1, 1, 0]);
});

Deno.test("requests that are turned away are rejected ones and not good", () => {
  const result = resultWith({
    rows: [row("", 100), row("", 100), { ...row("", NaN, NaN), isDropped: true }],
    numArrived: 8,
    arrivedByClass: new Map([["default", 7], ["batch", 1]]),
    numRejectedAtAdmission: 4,
    rejectedByClass: new Map([["standard", 3], ["batch", 1]]),
    numRejectedAtRouting: 1,
  });
  const [all, batch, goodput] = outcomes(
    result,
    "rejected<1%",
    "batch:rejected<100%",
    "goodput>=0.25",
  );
  assert.deepEqual([all!.value, batch!.value, goodput!.value], [6 / 8, 1, 2 / 8]);
  assert.equal(goodput!.holds, true);
});

Deno.test("rates are per simulated second, and unknown without one", () => {
  const instances = [{ metrics: { numCompleted: 30, outputTokens: 600 }, endUs: 3_000_000 }];
  const [throughput, tokens] = outcomes(resultWith({ instances }), "throughput>=10", "tokens>250");
  assert.deepEqual([throughput!.value, tokens!.value], [10, 200]);
  assert.deepEqual([throughput!.holds, tokens!.holds], [true, false]);
  assert.equal(outcomes(resultWith({}), "throughput>=0")[0]!.holds, false);
});
