// deno-lint-ignore-file no-console -- a developer's report
/** Compares us with measured vLLM runs: `deno task accuracy [DIR] [--json | --docs]`. */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { latencyModels } from "../../latency/mod.ts";
import { compareAll, compareReplayed } from "./compare.ts";
import { readExperiments } from "./experiments.ts";
import { accuracyPage, withMeasuredError } from "./page.ts";
import { fullReport, jsonReport } from "./report.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});

const folder = positionals[0] ?? `${ROOT}data/accuracy`;
const experiments = readExperiments(Deno.readTextFileSync(`${folder}/experiments.csv`));
const modes = Object.keys(latencyModels);
const comparisons = await compareAll(experiments, modes);

if (values.json) console.log(JSON.stringify(jsonReport(comparisons), null, 2));
else if (values.docs) {
  const concepts = `${ROOT}docs/concepts`;
  const replayed = await compareReplayed(experiments, ["trained-physics", "roofline"]);
  Deno.writeTextFileSync(`${concepts}/accuracy.md`, accuracyPage(comparisons, replayed));
  for (const mode of modes) {
    const path = `${concepts}/latency-${mode}.md`;
    const page = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, withMeasuredError(page, mode, comparisons));
  }
} else console.log(fullReport(comparisons));
