import type { StepShape } from "../sim/latency_model.ts";

/** Beyond every horizon: what a step costs whose price overflows or is no number. */
const NEVER_US = 2 ** 63;

/** A price in µs as whole µs: truncated, at least 1. */
export function wholeStepUs(us: number): number {
  return us < NEVER_US ? Math.max(1, Math.trunc(us)) : NEVER_US;
}

/** Tokens that the prefill chunks of a step compute. */
export function prefillTokens({ numPrefill, prefillNew }: StepShape): number {
  let tokens = 0;
  for (let i = 0; i < numPrefill; i++) tokens += prefillNew[i]!;
  return tokens;
}
