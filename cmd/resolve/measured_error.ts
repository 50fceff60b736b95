import type { Deployment } from "../../cluster/deployment.ts";
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

/**
 * Least and most prompt tokens of these experiments, and how often more a run may have unnoticed.
 * Source: tests/accuracy/workloads.ts.
 */
export const MEASURED_PROMPT_TOKENS = { least: 547, most: 1034 } as const;
const FAR_BEYOND = 2;

/** What a run was asked for in prompts. */
interface Prompts {
  /** Tokens of all prompts that entered a queue. */
  readonly tokens: number;
  readonly requests: number;
}

/** Says that prompts are far longer than those for which trained-physics was ever compared. */
export function noteOfLongPrompts(
  { latency }: Deployment,
  { tokens, requests }: Prompts,
  { diagnostics }: Pick<Context, "diagnostics">,
): void {
  const { least, most } = MEASURED_PROMPT_TOKENS;
  if (latency.mode !== "trained-physics" || !(tokens > FAR_BEYOND * most * requests)) return;
  diagnostics.note(
    `trained-physics was measured with prompts of ${least} to ${most} tokens, these have ` +
      `${Math.round(tokens / requests)} on average: their TTFT may be too short`,
  );
}

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
