import { z } from "zod";
import { parseJsonLine } from "../../../sim/internal/json_file.ts";
import { readLines } from "../../../sim/internal/lines.ts";
import type { TraceRow } from "../trace_row.ts";
import { measuredRow, type TraceFormat } from "./format.ts";

/** µs of a unit in which a metric may be given. */
const UNITS: Readonly<Record<string, number>> = { ns: 1e-3, us: 1, ms: 1e3, s: 1e6, sec: 1e6 };

const record = z.object({
  metadata: z.object({
    request_start_ns: z.number().describe("since 1970"),
    session_num: z.int().nullish(),
    conversation_id: z.string().nullish(),
    turn_index: z.int().min(0).nullish(),
    x_request_id: z.string().nullish(),
  }),
  metrics: z.record(z.string(), z.object({ value: z.unknown(), unit: z.string().default("") }))
    .default({}),
  error: z.unknown().optional(),
});

type Metrics = z.infer<typeof record>["metrics"];

/** One line a request, with its metrics by name. Source: github.com/ai-dynamo/aiperf. */
export const aiperf: TraceFormat = {
  summary: "profile_export.jsonl of aiperf",
  matches: (head) => /^\uFEFF?\s*\{[^\n]*"request_start_ns"/.test(head),
  *rows(file) {
    let line = 0;
    for (const text of readLines(file.chunks())) {
      line++;
      if (text.trim() === "") continue;
      yield rowOf(parseJsonLine(text, record, { what: "the line", file: file.name, line }));
    }
  },
};

function rowOf({ metadata, metrics, error }: z.infer<typeof record>): TraceRow {
  const startUs = metadata.request_start_ns / 1000;
  const hasFailed = error !== null && error !== undefined;
  const session = metadata.conversation_id ?? metadata.session_num ?? "";
  const tokens = (...names: string[]) => Math.round(valueOf(metrics, ...names) || 0);
  return measuredRow({
    startUs,
    firstUs: hasFailed ? NaN : startUs + valueOf(metrics, "time_to_first_token", "ttft"),
    lastUs: hasFailed ? NaN : startUs + valueOf(metrics, "request_latency"),
  }, {
    sessionId: String(session),
    roundIndex: metadata.turn_index ?? 0,
    inputTokens: tokens("input_sequence_length", "input_token_count"),
    outputTokens: tokens("output_sequence_length", "output_token_count"),
    xRequestId: metadata.x_request_id ?? "",
    status: hasFailed ? "error" : "ok",
    errorMessage: hasFailed ? errorText(error) : "",
  });
}

/** The first of some metrics that is there, times in µs; NaN if none is. */
function valueOf(metrics: Metrics, ...names: readonly string[]): number {
  for (const name of names) {
    const { value, unit } = metrics[name] ?? {};
    if (typeof value === "number") return value * (UNITS[unit ?? ""] ?? 1);
  }
  return NaN;
}

function errorText(error: unknown): string {
  return typeof error === "string" ? error : JSON.stringify(error);
}
