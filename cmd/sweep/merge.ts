import { z } from "zod";
import { ConfigError } from "../../sim/internal/errors.ts";
import { command } from "../cli.ts";
import { requireRuns, SweepResults, wholeLines } from "./results.ts";

/** So many missing runs are named. */
const MAX_NAMED = 10;

const options = z.strictObject({
  parts: z.array(z.string().min(1)).min(1).meta({ argument: true, placeholder: "file" })
    .describe("results of the shards of a sweep, JSON lines"),
  out: z.string().min(1).meta({ placeholder: "path", writes: [""] }).describe(
    "file for all of them, in order",
  ),
});

/** `blis sweep merge`: joins the results of shards to one file, if they are complete. */
export const sweepMerge = command({
  name: "sweep merge",
  summary: "Join the results of a sweep's shards, checking that none is missing or double",
  options,
  examples: [["part-*.jsonl --out results.jsonl", "However it was sharded: the same file"]],
  permissions: () => ["read", "write"],
  async run({ values }, { io }) {
    const results = new SweepResults();
    for (const part of values.parts) results.add(wholeLines(await io.readText(part)), part);
    requireComplete(results, values.parts);
    const lines = results.sorted().map(({ text }) => `${text}\n`);
    await io.writeFile(values.out, lines);
    return 0;
  },
});

function requireComplete(results: SweepResults, parts: readonly string[]): void {
  requireRuns(results, parts);
  const missing = results.missing();
  if (missing.length === 0) return;
  const named = missing.slice(0, MAX_NAMED).join(", ");
  const more = missing.length > MAX_NAMED ? ", …" : "";
  throw new ConfigError(
    `Missing ${missing.length} of ${results.numRuns} runs: ${named}${more}`,
    { hint: "run their shards again with the same --out: what is done is not repeated" },
  );
}
