import { z } from "zod";
import type { LatencyModel } from "../sim/latency_model.ts";

/** What a request costs besides its steps. */
export type Overheads = Omit<LatencyModel, "stepUs">;

/** A fitted coefficient. */
export const coefficient = z.number().nonnegative();

/** The three fitted overheads in µs; further entries are ignored. */
export const alphaCoefficients = z.tuple([coefficient, coefficient, coefficient], coefficient);

export type AlphaCoefficients = Readonly<z.infer<typeof alphaCoefficients>>;

/** α0 + α1 · prompt tokens before the queue, α2 per output token, nothing at the end. */
export function promptOverheads([fixed, perToken, output]: AlphaCoefficients): Overheads {
  return {
    queueingUs: (promptTokens) => Math.trunc(fixed + perToken * promptTokens),
    outputTokenUs: Math.trunc(output),
    postDecodeUs: 0,
  };
}

/** α0 before the queue, α2 per output token, α1 at the end. */
export function fixedOverheads([queueing, postDecode, output]: AlphaCoefficients): Overheads {
  const queueingUs = Math.trunc(queueing);
  return {
    queueingUs: () => queueingUs,
    outputTokenUs: Math.trunc(output),
    postDecodeUs: Math.trunc(postDecode),
  };
}
