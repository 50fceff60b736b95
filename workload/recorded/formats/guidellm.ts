import { z } from "zod";
import { parseJson } from "../../../sim/internal/json_file.ts";
import type { TraceRow } from "../trace_row.ts";
import { measuredRow, type TraceFormat, wholeText } from "./format.ts";

const optional = z.number().nullish();
const tokens = z.int().min(0).max(2 ** 31 - 1).nullish();
const request = z.object({
  start_time: optional.describe("s since 1970"),
  request_start_time: optional.describe("the same in newer releases"),
  end_time: optional,
  request_end_time: optional,
  first_token_time: optional,
  last_token_time: optional,
  time_to_first_token_ms: optional,
  prompt_tokens: tokens,
  output_tokens: tokens,
  error: z.string().nullish(),
});
const requests = z.array(request).nullish();
const report = z.object({
  benchmarks: z.array(z.object({
    requests: z.object({ successful: requests, errored: requests, incomplete: requests }),
  })),
});

type Request = z.infer<typeof request>;

/** The report of guidellm: requests of all its benchmarks. Source: github.com/vllm-project/guidellm. */
export const guidellm: TraceFormat = {
  summary: "benchmarks.json of guidellm",
  matches: (head) => /^\uFEFF?\s*\{/.test(head) && /"benchmarks"\s*:/.test(head),
  *rows(file) {
    const place = { what: "the report", file: file.name };
    const { benchmarks } = parseJson(wholeText(file), report, place);
    for (const { requests: { successful, errored, incomplete } } of benchmarks) {
      for (const request of successful ?? []) yield rowOf(request, "ok");
      for (const request of errored ?? []) yield rowOf(request, "error");
      for (const request of incomplete ?? []) yield rowOf(request, "incomplete");
    }
  },
};

function rowOf(request: Request, status: string): TraceRow {
  const start = request.start_time ?? request.request_start_time ?? 0;
  const ttftMs = request.time_to_first_token_ms ?? NaN;
  const first = request.first_token_time ?? start + ttftMs / 1000;
  const last = request.last_token_time ?? request.end_time ?? request.request_end_time ?? NaN;
  const isComplete = status === "ok";
  return measuredRow({
    startUs: start * 1e6,
    firstUs: isComplete ? first * 1e6 : NaN,
    lastUs: isComplete ? last * 1e6 : NaN,
  }, {
    inputTokens: request.prompt_tokens ?? 0,
    outputTokens: request.output_tokens ?? 0,
    status,
    errorMessage: request.error ?? "",
  });
}
