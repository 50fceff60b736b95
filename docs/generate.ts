/** Writes the pages and files that follow from the schemas: `deno task docs`. */
import { fileURLToPath } from "node:url";
import type { Branch } from "../cmd/command_tree.ts";
import { main, ROOT } from "../cmd/main.ts";
import { denoIo } from "../cmd/io.ts";
import { jsonSchemaOf } from "../cmd/schema/json_schema.ts";
import { FILE_FORMATS } from "../cmd/schema/schema.ts";
import { embeddedHardware } from "../data/mod.ts";
import { admissionPolicies } from "../sim/admission/mod.ts";
import { jsonText } from "../sim/internal/number_format.ts";
import { PRIORITY_POLICIES } from "../sim/policy_bundle.ts";
import { preemptionPolicies } from "../sim/preemption.ts";
import { priorities } from "../sim/priorities/mod.ts";
import { routingPolicies } from "../sim/routing/mod.ts";
import { schedulers } from "../sim/schedulers/mod.ts";
import { scorers } from "../sim/scorers/mod.ts";
import { arrivals } from "../workload/arrivals/mod.ts";
import { lengths } from "../workload/lengths/mod.ts";
import { schemaTables } from "./schema_tables.ts";

const NOTICE = "<!-- Written by `deno task docs`: change the schemas, not this file. -->\n";

type Summaries = Readonly<Record<string, { readonly summary: string }>>;

/** All generated files: path from the root of the project → text. */
export async function generatedFiles(): Promise<Map<string, string>> {
  return new Map([
    ["docs/reference/cli.md", await cliPage()],
    ["docs/reference/workload-spec.md", workloadPage()],
    ["docs/reference/policy-bundle.md", policyPage()],
    ["docs/reference/result.md", resultPage()],
    ["docs/reference/hardware.md", hardwarePage()],
    ["examples/workload.schema.json", schemaText("workload")],
    ["examples/policy.schema.json", schemaText("policy")],
  ]);
}

function hardwarePage(): string {
  const gpus = Object.entries<Record<string, unknown>>(JSON.parse(embeddedHardware()));
  const rows = gpus.map(([name, gpu]) => {
    const estimated = new Set(gpu.estimated as string[] ?? []);
    const cells = GPU_FIGURES.map((key) => `${gpu[key]}${estimated.has(key) ? " *" : ""}`);
    return `| ${[name, ...cells, gpu._comment].join(" | ")} |`;
  });
  return `# GPUs\n\n${NOTICE}
\`blis hardware\` lists these figures; \`--hardware-config FILE\` replaces them by a file of the same
form. Rates are dense, without sparsity, but for the 8-bit rate of L40S, which is that of the reference.
MFU is the share of the peak rate that the roofline model expects: figures with * are estimates, taken
from a GPU that was measured. An 8-bit rate of 0 means that there is none. Where the source begins with
"approximate", nobody compared the figures with the data sheet.

[Prices](../guide/capacity.md#what-it-costs) per hour are not part of this table.

| GPU | 16-bit TFLOP/s | 8-bit TFLOP/s | TB/s | prefill MFU | decode MFU | GiB | source |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

const GPU_FIGURES = [
  ...["TFlopsPeak", "TFlopsFP8", "BwPeakTBs"],
  ...["mfuPrefill", "mfuDecode", "MemoryGiB"],
];

function schemaText(format: keyof typeof FILE_FORMATS): string {
  return `${jsonText(schemaOf(format))}\n`;
}

function schemaOf(format: keyof typeof FILE_FORMATS) {
  const { schema, title } = FILE_FORMATS[format];
  return jsonSchemaOf(schema, title);
}

async function cliPage(): Promise<string> {
  const sections = [
    `# Command line\n\n${NOTICE}
Results go to stdout, all else to stderr. Exit code 0: it ran; 1: it ran and a check failed; 2: a
flag, a file or the surroundings are wrong; 70: a defect of the program. Numbers are decimal. A flag
may be written \`--flag value\` or \`--flag=value\`; of several the last counts, lists add up.\n`,
    codeSection("blis", await helpOf([])),
  ];
  for (const words of commandsIn(ROOT)) {
    sections.push(codeSection(`blis ${words.join(" ")}`, await helpOf(words)));
  }
  return sections.join("\n");
}

/** The words of every command, in the order of the help. */
function commandsIn({ commands, alone }: Branch, words: readonly string[] = []): string[][] {
  const own = alone === undefined ? [] : [[...words]];
  return [
    ...own,
    ...Object.entries(commands).flatMap(([word, child]) => {
      const path = [...words, word];
      return "load" in child ? [path] : commandsIn(child, path);
    }),
  ];
}

async function helpOf(words: readonly string[]): Promise<string> {
  let text = "";
  await main([...words, "--help"], { ...denoIo(), print: (part) => text += part });
  return text;
}

function codeSection(title: string, code: string): string {
  return `## ${title}\n\n\`\`\`text\n${code}\`\`\`\n`;
}

function workloadPage(): string {
  return `# Workload file\n\n${NOTICE}
The YAML that \`--workload-spec\` reads. [The guide](../guide/workloads.md) shows how to write one and
which keys go together; \`blis schema workload\` prints this page as JSON Schema.

${schemaTables(schemaOf("workload"))}
### Types of distributions

| \`type\` | params | lengths |
| --- | --- | --- |
${Object.entries(lengths).map(([name, def]) => lengthsRow(name, def)).join("\n")}

Lengths are rounded to whole tokens.

## Arrival processes

${summaryTable(arrivals)}`;
}

function lengthsRow(name: string, def: typeof lengths[string]): string {
  const required = def.required.map((param) => `\`${param}\``).join(", ");
  const optional = def.optional.map((param) => `\`${param}\``).join(", ");
  const params = required === "" ? "length: weight" : required;
  return `| \`${name}\` | ${params}${optional && `; optional ${optional}`} | ${def.summary} |`;
}

function policyPage(): string {
  const chosen = Object.fromEntries(PRIORITY_POLICIES.map((name) => [name, priorities[name]]));
  return `# Policy file\n\n${NOTICE}
The YAML that \`--policy-config\` reads. Every key may be left out: then the flag or its default holds.
A flag that is given wins over the file. \`blis schema policy\` prints this page as JSON Schema;
[examples/policy-config.yaml](../../examples/policy-config.yaml) is a file to start from.

${schemaTables(schemaOf("policy"))}
## Admission policies

${summaryTable(admissionPolicies)}
## Routing policies

${summaryTable(routingPolicies)}
## Scorers

Each rates every instance from 0 to 1.

${summaryTable(scorers)}
## Priority policies

${summaryTable(chosen)}
## Schedulers

${summaryTable(schedulers)}
## Preemption policies

${summaryTable(preemptionPolicies)}`;
}

function resultPage(): string {
  return `# Result JSON\n\n${NOTICE}
What \`--output json\` of \`blis run\` and \`blis replay\` prints: one document with all that the text
says, and with the configuration, so that \`blis run --from-result FILE\` runs it again, if
\`run\` printed it; a replay is run again by \`replay\` with its flags. The keys of
\`metrics\` are those of [the text](../guide/results.md#simulation-metrics). Every key is always there;
\`blis schema result\` prints this page as JSON Schema.

${
    schemaTables(schemaOf("result"), {
      isInput: false,
      titles: { "slo_classes[].ttft_us": "latencies" },
    })
  }`;
}

function summaryTable(table: Summaries): string {
  const rows = Object.entries(table).map(([name, { summary }]) => `| \`${name}\` | ${summary} |`);
  return `| name | what it does |\n| --- | --- |\n${rows.join("\n")}\n`;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  for (const [path, text] of await generatedFiles()) await Deno.writeTextFile(root + path, text);
}
