import { z } from "zod";
import { ConfigError } from "../../../sim/internal/errors.ts";
import { parseJson } from "../../../sim/internal/json_file.ts";
import { measuredRow, type TraceFormat, wholeText } from "./format.ts";

const seconds = z.number();
const tokens = z.int().min(0).max(2 ** 31 - 1);
const result = z.object({
  input_lens: z.array(tokens).optional(),
  output_lens: z.array(tokens).optional(),
  ttfts: z.array(seconds).default([]),
  itls: z.array(z.array(seconds)).default([]),
  start_times: z.array(seconds).optional(),
  errors: z.array(z.string()).default([]),
});

/**
 * What `vllm bench serve --save-result --save-detailed` writes: one list a quantity, an entry a
 * request. The answer ends when all its inter-token latencies have passed.
 */
export const vllmBench: TraceFormat = {
  summary: "JSON of `vllm bench serve --save-result --save-detailed`",
  matches: (head) => /"(input_lens|total_input_tokens|request_throughput)"\s*:/.test(head),
  *rows(file) {
    const place = { what: "the result", file: file.name };
    const { input_lens, output_lens, start_times, ...times } = parseJson(
      wholeText(file),
      result,
      place,
    );
    if (input_lens === undefined || output_lens === undefined || start_times === undefined) {
      throw new ConfigError("The result does not say when each request was sent", {
        file: file.name,
        hint: "benchmark with --save-result --save-detailed, by a release that writes start_times",
      });
    }
    for (const [i, startSeconds] of start_times.entries()) {
      const error = times.errors[i] ?? "";
      const gaps = times.itls[i] ?? [];
      const startUs = startSeconds * 1e6;
      const firstUs = error === "" ? startUs + (times.ttfts[i] ?? NaN) * 1e6 : NaN;
      const lastUs = firstUs + gaps.reduce((sum, gap) => sum + gap, 0) * 1e6;
      yield measuredRow({ startUs, firstUs, lastUs }, {
        inputTokens: input_lens[i] ?? 0,
        outputTokens: output_lens[i] ?? 0,
        numChunks: error === "" ? gaps.length + 1 : 0,
        status: error === "" ? "ok" : "error",
        errorMessage: error,
      });
    }
  },
};
