import { z } from "zod";
import { resultDocument } from "../../cluster/result_document.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { policyBundle } from "../../sim/policy_bundle.ts";
import { workloadFile } from "../../workload/spec.ts";
import { type Command, command } from "../cli.ts";
import { jsonSchemaOf } from "./json_schema.ts";
import { sweepFile } from "../sweep/file.ts";

/** The file formats that a schema can be printed of. */
export const FILE_FORMATS = {
  workload: { schema: workloadFile, title: "blis workload" },
  policy: { schema: policyBundle, title: "blis policies" },
  sweep: { schema: sweepFile, title: "blis sweep" },
  result: { schema: resultDocument, title: "blis result" },
} as const;

/** `blis schema workload`: what a file for `--workload-spec` may contain. */
export const schemaWorkload = schemaCommand("workload", "--workload-spec");

/** `blis schema policy`: what a file for `--policy-config` may contain. */
export const schemaPolicy = schemaCommand("policy", "--policy-config");

/** `blis schema sweep`: what a file for `blis sweep` may contain. */
export const schemaSweep = schemaCommand("sweep", "blis sweep");

/** `blis schema result`: what `--output json` prints. */
export const schemaResult = schemaCommand("result", "--output json");

function schemaCommand(format: keyof typeof FILE_FORMATS, flag: string): Command {
  return command({
    name: `schema ${format}`,
    summary: `Print the JSON Schema of a file for ${flag}`,
    options: z.strictObject({}),
    examples: [[`> ${format}.schema.json`, "For an editor, see examples/README.md"]],
    permissions: () => [],
    run(_flags, { io }) {
      const { schema, title } = FILE_FORMATS[format];
      io.print(`${jsonText(jsonSchemaOf(schema, title))}\n`);
      return Promise.resolve(0);
    },
  });
}
