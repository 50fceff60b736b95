import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { MEASURED_E2E_ERROR, MEASURED_PROMPT_TOKENS } from "../cmd/resolve/measured_error.ts";
import { latencyModels } from "../latency/mod.ts";
import { compareAll, compareReplayed } from "./accuracy/compare.ts";
import { errorsOf, summaryOf } from "./accuracy/errors.ts";
import { type Metric, METRICS, readExperiments } from "./accuracy/experiments.ts";
import { medianE2ePercent, withMeasuredError } from "./accuracy/page.ts";
import { fullReport, jsonReport, overallTable } from "./accuracy/report.ts";
import { workloads } from "./accuracy/workloads.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONCEPTS = `${ROOT}docs/concepts`;
const experiments = readExperiments(Deno.readTextFileSync(`${ROOT}data/accuracy/experiments.csv`));

Deno.test("the measured experiments are read with all their metrics", () => {
  assert.equal(experiments.length, 25);
  for (const { measured } of experiments) assert.equal(Object.keys(measured).length, 5);
});

Deno.test("the measured means are those of the stages, weighted by their requests", () => {
  for (const { measured, stageMeans } of experiments) {
    for (const metric of ["ttft_mean", "e2e_mean"] as const) {
      const ratio = stageMeans[metric]! / measured[metric]!;
      assert.ok(Math.abs(ratio - 1) < 1e-3, `${metric}: ${ratio}`);
    }
  }
});

Deno.test("replayed like the reference, trained-physics and roofline have its median errors", async () => {
  const reference = {
    "trained-physics": { e2e_mean: 11.2, itl_mean: 9.1, ttft_mean: 12.5, ttft_p99: 29.7 },
    roofline: { e2e_mean: 50.8, itl_mean: 50.3, ttft_mean: 53.8, ttft_p99: 70.9 },
  };
  const replayed = await compareReplayed(experiments, Object.keys(reference));
  for (const [mode, medians] of Object.entries(reference)) {
    for (const [metric, percent] of Object.entries(medians)) {
      const { median } = summaryOf(errorsOf(replayed, mode, metric as Metric))!;
      assert.equal((100 * median).toFixed(1), percent.toFixed(1), `${mode} ${metric}`);
    }
  }
});

Deno.test("the page, the pages of the modes and the note of the error show what is measured", async () => {
  const modes = Object.keys(latencyModels);
  const comparisons = await compareAll(experiments, modes);
  const page = Deno.readTextFileSync(`${CONCEPTS}/accuracy.md`);
  assert.ok(page.includes(overallTable(comparisons)));
  for (const mode of modes) {
    const ofMode = Deno.readTextFileSync(`${CONCEPTS}/latency-${mode}.md`);
    assert.equal(ofMode, withMeasuredError(ofMode, mode, comparisons));
  }
  for (const [mode, percent] of Object.entries(MEASURED_E2E_ERROR)) {
    assert.equal(percent, medianE2ePercent(comparisons, mode), mode);
  }
  const report = fullReport(comparisons);
  const rowsOfExperiment6 = report.split("\n").filter((line) => line.startsWith("| 6 |"));
  assert.equal(rowsOfExperiment6.length, Object.keys(METRICS).length);
  assert.deepEqual(Object.keys(jsonReport(comparisons).overall).slice(0, modes.length), modes);
});

Deno.test("the note on long prompts states the range that was measured", () => {
  const prompts = experiments.map(({ workload }) => {
    const { prefixTokens, questionTokens } = workloads[workload]!;
    return prefixTokens + questionTokens;
  });
  const { least, most } = MEASURED_PROMPT_TOKENS;
  assert.deepEqual([least, most], [Math.min(...prompts), Math.max(...prompts)]);
});

Deno.test("the tables of the page are rectangular", () => {
  const page = Deno.readTextFileSync(`${CONCEPTS}/accuracy.md`);
  const tables = page.split("\n\n").filter((part) => part.startsWith("|"));
  assert.equal(tables.length, 3);
  for (const table of tables) {
    const widths = new Set(table.trim().split("\n").map((line) => line.split("|").length));
    assert.equal(widths.size, 1);
  }
});

Deno.test("errors are summed up as mean, median and 90th percentile", () => {
  const at = (predicted: number) => ({
    experiment: { ...experiments[0]!, measured: { e2e_mean: 100 } },
    predictions: { x: { e2e_mean: predicted } },
  });
  assert.match(overallTable([at(110), at(80), at(130)]), /\| x \| 3 .*\| 20 \/ 20 \/ 28 \|/);
});
