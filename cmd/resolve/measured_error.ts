import { createLatencyModel, type LatencyTarget } from "../../latency/mod.ts";
import type { Context } from "../cli.ts";
import { type CoefficientKey, resolveLatency } from "./coefficients.ts";
import type { Defaults } from "./defaults_file.ts";
import { isUserError } from "../diagnostics.ts";

/**
 * Median absolute error of the mean E2E in percent, over 25 experiments with vLLM 0.15.1.
 * Source: docs/concepts/accuracy.md, which `deno task accuracy --docs` writes.
 */
export const MEASURED_E2E_ERROR = { roofline: 52, "trained-physics": 9 } as const;

/** Says that the default mode has a more accurate alternative, where that prices `target`. */
export function noteOfMeasuredError(
  target: LatencyTarget,
  key: CoefficientKey,
  defaults: Defaults,
  { diagnostics }: Context,
): void {
  try {
    createLatencyModel(resolveLatency("trained-physics", {}, key, defaults), target);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return;
  }
  const { roofline, "trained-physics": trained } = MEASURED_E2E_ERROR;
  diagnostics.note(
    `E2E of --latency-model roofline, the default, was ${roofline} % off in measured vLLM runs, ` +
      `that of trained-physics ${trained} %`,
  );
}
