import assert from "node:assert/strict";
import { latencyModels } from "../latency/mod.ts";
import { readExperiments } from "./accuracy/experiments.ts";
import { accuracyPage, errorsOf, overallTable } from "./accuracy/report.ts";
import { predict } from "./accuracy/simulate.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const experiments = readExperiments(Deno.readTextFileSync(`${ROOT}data/accuracy/experiments.csv`));

Deno.test("the measured experiments are read with all their metrics", () => {
  assert.equal(experiments.length, 25);
  for (const { measured } of experiments) assert.equal(Object.keys(measured).length, 5);
});

Deno.test("an experiment is predicted as the page of accuracy says", async () => {
  const experiment = experiments.find(({ id }) => id === "6")!;
  const ours = await predict(experiment, "trained-physics");
  const page = Deno.readTextFileSync(`${ROOT}docs/concepts/accuracy.md`);
  const row = page.split("\n").find((line) => line.startsWith("| 6 |"))!;
  const comparison = { experiment, predictions: { "trained-physics": ours! } };
  const error = errorsOf([comparison], "trained-physics", "e2e_mean")[0]!;
  const shown = row.split("|")[8]!.trim();
  assert.equal(shown, (100 * error).toFixed(1));
});

Deno.test("the page has every latency mode, and its tables are rectangular", () => {
  const page = Deno.readTextFileSync(`${ROOT}docs/concepts/accuracy.md`);
  for (const mode of Object.keys(latencyModels)) assert.match(page, new RegExp(`\\| ${mode} \\|`));
  const tables = page.split("\n\n").filter((part) => part.startsWith("|"));
  assert.equal(tables.length, 2);
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
  assert.match(accuracyPage([at(110)]), /Accuracy/);
});
