import { z } from "zod";
import { type Pace, plainSpec, type PlainWorkload } from "./synthesize.ts";
import type { WorkloadSpec } from "./spec.ts";

const tokens = () => z.int().default(0);

/** A preset in the `workloads` section of defaults.yaml; lengths in tokens. */
export const preset = z.strictObject({
  prefix_tokens: tokens(),
  prompt_tokens: tokens().describe("mean"),
  prompt_tokens_stdev: tokens(),
  prompt_tokens_min: tokens(),
  prompt_tokens_max: tokens(),
  output_tokens: tokens().describe("mean"),
  output_tokens_stdev: tokens(),
  output_tokens_min: tokens(),
  output_tokens_max: tokens(),
});

/** See {@link preset}. */
export type Preset = z.infer<typeof preset>;

/** The lengths of a preset, as a workload. */
export function presetWorkload(
  preset: Preset,
  load: { readonly seed: bigint; readonly pace: Pace; readonly numRequests: number },
): PlainWorkload {
  return {
    ...load,
    prefixTokens: preset.prefix_tokens,
    prompt: {
      mean: preset.prompt_tokens,
      stdDev: preset.prompt_tokens_stdev,
      min: preset.prompt_tokens_min,
      max: preset.prompt_tokens_max,
    },
    output: {
      mean: preset.output_tokens,
      stdDev: preset.output_tokens_stdev,
      min: preset.output_tokens_min,
      max: preset.output_tokens_max,
    },
  };
}

/** The preset `name` as a spec of its own, with seed 0. */
export function presetToSpec(
  name: string,
  preset: Preset,
  load: { readonly ratePerSecond: number; readonly numRequests: number },
): WorkloadSpec {
  const { ratePerSecond, numRequests } = load;
  const workload = presetWorkload(preset, { seed: 0n, pace: { ratePerSecond }, numRequests });
  return plainSpec(`preset-${name}`, workload);
}
