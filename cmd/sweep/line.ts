import { z } from "zod";
import { ConfigError } from "../../sim/internal/errors.ts";
import { parseJsonLine } from "../../sim/internal/json_file.ts";

const metric = z.union([z.number(), z.null()]);

/** A line of a sweep's results: one run. */
export const sweepLine = z.strictObject({
  sweep: z.string().describe("digest of the sweep; lines of one sweep have the same"),
  run: z.int().nonnegative().describe("place in the sweep, from 0"),
  runs: z.int().positive().describe("runs of the sweep"),
  parameters: z.record(z.string(), z.unknown()).describe("flags that are not the same in all runs"),
  seed: z.string().describe("text, since it has 64 bits"),
  metrics: z.record(z.string(), metric).describe("of all instances together"),
  sha256: z.string().optional().describe("of what blis run --output json prints for this run"),
});

/** See {@link sweepLine}. */
export type SweepLine = z.infer<typeof sweepLine>;

/** Reads the line `number`, from 1, of a file of results. Throws a ConfigError that points to it. */
export function readLine(text: string, file: string, number: number): SweepLine {
  return parseJsonLine(text, sweepLine, { what: "a run of a sweep", file, line: number });
}

/** An error about a whole line. */
export function lineError(
  { file, number }: { readonly file: string; readonly number: number },
  message: string,
  hint?: string,
): ConfigError {
  return new ConfigError(message, {
    file,
    line: number,
    column: 1,
    ...(hint !== undefined && { hint }),
  });
}
