import { z } from "zod";
import { parseJson } from "../../../sim/internal/json_file.ts";
import { measuredRow, type TraceFormat, wholeText } from "./format.ts";

const seconds = z.number();
const tokens = z.int().min(0).max(2 ** 31 - 1);
const requests = z.array(z.object({
  start_time: seconds,
  end_time: seconds.nullish(),
  info: z.object({
    input_tokens: tokens.nullish(),
    output_tokens: tokens.nullish(),
    output_token_times: z.array(seconds).nullish(),
  }).nullish(),
  error: z.object({ error_type: z.string().nullish(), error_msg: z.string().nullish() }).nullish(),
}));

/**
 * What inference-perf writes of each request: when it began, when each token came, when it ended.
 * Source: github.com/kubernetes-sigs/inference-perf.
 */
export const inferencePerf: TraceFormat = {
  summary: "per_request_lifecycle_metrics.json of inference-perf",
  matches: (head) => /^\uFEFF?\s*\[/.test(head) && /"start_time"\s*:/.test(head),
  *rows(file) {
    const place = { what: "the metrics", file: file.name };
    for (
      const { start_time, end_time, info, error } of parseJson(wholeText(file), requests, place)
    ) {
      const times = info?.output_token_times ?? [];
      const hasFailed = error !== null && error !== undefined;
      const last = times.at(-1) ?? end_time ?? NaN;
      yield measuredRow({
        startUs: start_time * 1e6,
        firstUs: hasFailed ? NaN : (times[0] ?? NaN) * 1e6,
        lastUs: hasFailed ? NaN : last * 1e6,
      }, {
        inputTokens: info?.input_tokens ?? 0,
        outputTokens: info?.output_tokens ?? 0,
        numChunks: times.length,
        status: hasFailed ? "error" : "ok",
        errorMessage: error?.error_msg ?? error?.error_type ?? "",
      });
    }
  },
};
