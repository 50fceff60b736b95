// deno-lint-ignore-file no-console -- a developer's report
/** Compares us with measured vLLM runs: `deno task accuracy [DIR] [--json] [--docs]`. */
import { parseArgs } from "node:util";
import { latencyModels } from "../../latency/mod.ts";
import { readExperiments } from "./experiments.ts";
import { accuracyPage, type Comparison, experimentTable, overallTable } from "./report.ts";
import { predict } from "./simulate.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});

const folder = positionals[0] ?? `${ROOT}data/accuracy`;
const experiments = readExperiments(Deno.readTextFileSync(`${folder}/experiments.csv`));
const comparisons: Comparison[] = [];
for (const experiment of experiments) {
  const ours: Record<string, Comparison["predictions"][string]> = {};
  for (const mode of Object.keys(latencyModels)) {
    const prediction = await predict(experiment, mode);
    if (prediction !== undefined) ours[mode] = prediction;
  }
  comparisons.push({ experiment, predictions: { ...ours, ...experiment.predicted } });
}

if (values.json) console.log(JSON.stringify(comparisons, null, 2));
else if (values.docs) {
  Deno.writeTextFileSync(`${ROOT}docs/concepts/accuracy.md`, accuracyPage(comparisons));
} else console.log(`${experimentTable(comparisons)}\n\n${overallTable(comparisons)}`);
