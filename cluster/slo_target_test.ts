import assert from "node:assert/strict";
import { parseDocument } from "../sim/internal/document.ts";
import { parseSloTarget, quantityText, sloFile, targetsOf } from "./slo_target.ts";

function target(text: string) {
  const parsed = parseSloTarget(text);
  assert.ok(!("mistake" in parsed), text);
  return parsed;
}

Deno.test("limits of latencies are read in µs, of shares as parts of 1", () => {
  const limits: [string, number][] = [
    ["ttft.p99<300ms", 300_000],
    ["itl.p95<=25us", 25],
    ["e2e.p90 < 4s", 4_000_000],
    ["e2e.max<2min", 120_000_000],
    ["tpot.mean<1.5ms", 1500],
    ["rejected<1%", 0.01],
    ["goodput>=0.99", 0.99],
    ["throughput>=9.5", 9.5],
    ["tokens>4000/s", 4000],
  ];
  for (const [text, limit] of limits) assert.equal(target(text).limit, limit, text);
});

Deno.test("a class before a colon scopes an SLO", () => {
  const { sloClass, metric, statistic, isUpper, isInclusive, text } = target(
    "critical: ttft.p99.9 <= 200ms",
  );
  assert.deepEqual([sloClass, metric, statistic], ["critical", "ttft", "p99.9"]);
  assert.deepEqual([isUpper, isInclusive, text], [true, true, "critical:ttft.p99.9<=200ms"]);
});

Deno.test("what is no SLO is told what it lacks", () => {
  const wrong: [string, RegExp][] = [
    ["", /it must look like/],
    ["ttft.p99", /it must look like/],
    ["latency.p99<3s", /one of ttft, itl/],
    ["ttft<3s", /which ttft/],
    ["ttft.p101<3s", /which ttft/],
    ["ttft.median<3s", /which ttft/],
    ["goodput.p99>0.9", /goodput has no "\.p99"/],
    ["ttft.p99>3s", /from above/],
    ["throughput<3", /from below/],
    ["ttft.p99<300", /needs a unit: us, ms, s, min/],
    ["throughput>3ms", /needs no unit, or \/s/],
    ["rejected<3", /within 0\.\.1/],
    ["ttft.p99<1.2.3s", /decimal number/],
    ["batch:throughput>3", /all classes together/],
    ["ttft.p99<0ms", /a limit > 0/],
    ["rejected<0%", /rejected is never below 0: use <=/],
    ["goodput>1", /goodput is never above 1: use >=/],
  ];
  for (const [text, message] of wrong) assert.match(mistakeOf(text).mistake, message, text);
});

Deno.test("a name that is nearly right, and several SLOs in one, get a hint", () => {
  const hints: [string, string][] = [
    ["tfft.p99<3s", 'did you mean "ttft"?'],
    ["TTFT.p99<3s", 'did you mean "ttft"?'],
    ["ttft_p99<3s", 'did you mean "ttft.p99"?'],
    ["itl_p95_ms<3ms", 'did you mean "itl.p95"?'],
    ["ttft.p99<3s,itl.p95<3ms", "write each SLO on its own"],
  ];
  for (const [text, hint] of hints) assert.equal(mistakeOf(text).hint, hint, text);
  assert.equal(mistakeOf("latency.p99<3s").hint, undefined);
});

function mistakeOf(text: string) {
  const parsed = parseSloTarget(text);
  assert.ok("mistake" in parsed, text);
  return parsed;
}

Deno.test("a file has SLOs of all requests and of classes, and its errors point into it", () => {
  const text = 'slos: ["ttft.p99<1s"]\nclasses:\n  batch: [e2e.p90<60s, goodput>0.5]\n';
  const targets = targetsOf(parseDocument(text, "s.yaml").decode(sloFile));
  assert.deepEqual(targets.map((t) => [t.text, t.sloClass]), [
    ["ttft.p99<1s", ""],
    ["batch:e2e.p90<60s", "batch"],
    ["batch:goodput>0.5", "batch"],
  ]);
  assert.throws(
    () => parseDocument("slos:\n  - ttft.p99<1\n", "s.yaml").decode(sloFile),
    {
      message: /Cannot use "ttft\.p99<1" for slos\[0\]: its limit needs a unit/,
    },
  );
});

Deno.test("quantities are shown with their unit and few digits", () => {
  assert.equal(quantityText("latency", 212_345), "212.3 ms");
  assert.equal(quantityText("latency", 12_345_678), "12.35 s");
  assert.equal(quantityText("share", 0.99126), "99.13 %");
  assert.equal(quantityText("rate", 12_345.6), "12346 /s");
  assert.equal(quantityText("latency", NaN), "-");
});
