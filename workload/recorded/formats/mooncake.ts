import { z } from "zod";
import { parseJsonLine } from "../../../sim/internal/json_file.ts";
import { readLines } from "../../../sim/internal/lines.ts";
import { rowAt, type TraceFormat } from "./format.ts";

const BLOCK_TOKENS = 512;

const tokens = z.int().min(0).max(2 ** 31 - 1);
const request = z.object({
  timestamp: z.number().describe("ms"),
  input_length: tokens,
  output_length: tokens,
  hash_ids: z.array(z.int().min(0).max(999_999_999)).default([]),
});

/**
 * Requests of Kimi: each block of 512 prompt tokens has an id that stands for it and all before it,
 * so that prompts which begin alike share them. Source: github.com/kvcache-ai/Mooncake, FAST 25
 * traces.
 */
export const mooncake: TraceFormat = {
  summary: "JSON lines of Mooncake's traces, with the prefixes that requests share",
  matches: (head) => /^\uFEFF?\s*\{[^\n]*"input_length"/.test(head),
  *rows(file) {
    let line = 0;
    for (const text of readLines(file.chunks())) {
      line++;
      if (text.trim() === "") continue;
      const place = { what: "the line", file: file.name, line };
      const { timestamp, input_length, output_length, hash_ids } = parseJsonLine(
        text,
        request,
        place,
      );
      yield rowAt(timestamp * 1000, {
        inputTokens: input_length,
        outputTokens: output_length,
        prefixBlocks: hash_ids.length === 0 ? "" : `${BLOCK_TOKENS}:${hash_ids.join(".")}`,
      });
    }
  },
};
