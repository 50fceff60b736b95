import { z } from "zod";
import { ConfigError } from "../../sim/internal/errors.ts";
import { parseJson } from "../../sim/internal/json_file.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import type { RequestTable } from "../../sim/metrics.ts";

const amount = () => z.number().default(0);

/** One request of a results file, as far as a calibration reads it; times in µs. */
const simResult = z.object({
  request_id: z.int().default(0),
  ttft_us: amount(),
  e2e_us: amount(),
  input_tokens: z.int().default(0).describe("all prompt tokens"),
  output_tokens: z.int().default(0),
  slo_class: z.string().default(""),
  model: z.string().default(""),
});

/** What a simulation says of one request. */
export type SimResult = Readonly<z.infer<typeof simResult>>;

const simResults = z.array(simResult);

/**
 * The completed requests of a replay as a JSON list by request id, in pieces. Follow-ups of
 * sessions are not among them, since they have no row in the trace.
 */
export function* simResultsText(table: RequestTable): Generator<string, void> {
  const rows = resultRows(table);
  if (rows.length === 0) return yield "[]";
  yield "[\n";
  for (const [i, { row, requestId }] of rows.entries()) {
    const text = jsonText(resultOf(table, row, requestId)).replaceAll("\n", "\n  ");
    yield `  ${text}${i < rows.length - 1 ? "," : ""}\n`;
  }
  yield "]";
}

/** Reads a results file by request id; of several results of a request the last counts. */
export function readSimResults(text: string, file: string): Map<number, SimResult> {
  const results = parseJson(text, simResults, { what: "the results", file });
  if (results.length > 0) return new Map(results.map((result) => [result.request_id, result]));
  throw new ConfigError(`The results file ${file} has no requests`, { file });
}

function resultRows(table: RequestTable): { row: number; requestId: number }[] {
  const rows: { row: number; requestId: number }[] = [];
  for (let row = 0; row < table.length; row++) {
    const requestId = requestIdOf(table, row);
    const isComplete = !table.isDropped(row) && !Number.isNaN(table.e2eUs.data[row]!);
    if (isComplete && requestId !== undefined) rows.push({ row, requestId });
  }
  return rows.sort((a, b) => a.requestId - b.requestId || a.row - b.row);
}

/** N of `request_N`; undefined for a follow-up. */
function requestIdOf(table: RequestTable, row: number): number | undefined {
  const number = table.number.data[row]!;
  if (number >= 0) return number;
  const text = /^request_(-?\d+)$/.exec(table.id(row))?.[1];
  return text === undefined ? undefined : Number(text);
}

function resultOf(
  table: RequestTable,
  row: number,
  requestId: number,
): Partial<SimResult> & { readonly itl_mean_us?: number } {
  const { sloClass, model } = table.labelsOf(row);
  const itlUs = table.itlUs.data[row]!;
  return {
    request_id: requestId,
    ttft_us: table.ttftUs.data[row]!,
    e2e_us: table.e2eUs.data[row]!,
    input_tokens: table.promptTokens.data[row]!,
    output_tokens: table.outputTokens.data[row]!,
    ...(sloClass !== "" && { slo_class: sloClass }),
    ...(model !== "" && { model }),
    ...(itlUs !== 0 && { itl_mean_us: itlUs }),
  };
}
