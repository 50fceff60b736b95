import type { StepShape } from "../../sim/latency_model.ts";

/** What one step computes: a whole prompt, decodes, or both. */
export interface SampleStep {
  /** Tokens of the prompt; 0 = none. */
  readonly promptTokens: number;
  readonly numDecode: number;
  /** Tokens that each decoding request had before; 0 without decodes. */
  readonly contextTokens: number;
}

/** Steps that tell how a model does: short and long prefill, a lone and many decodes, a mix. */
export const SAMPLE_STEPS: readonly SampleStep[] = [
  { promptTokens: 512, numDecode: 0, contextTokens: 0 },
  { promptTokens: 2048, numDecode: 0, contextTokens: 0 },
  { promptTokens: 0, numDecode: 1, contextTokens: 1024 },
  { promptTokens: 0, numDecode: 32, contextTokens: 1024 },
  { promptTokens: 0, numDecode: 256, contextTokens: 1024 },
  { promptTokens: 512, numDecode: 32, contextTokens: 1024 },
];

/** A sample step as a latency model sees it. */
export function stepShape({ promptTokens, numDecode, contextTokens }: SampleStep): StepShape {
  const prompts = Float64Array.from(promptTokens > 0 ? [promptTokens] : []);
  return {
    numRequests: prompts.length + numDecode,
    numPrefill: prompts.length,
    prefillPast: new Float64Array(prompts.length),
    prefillNew: prompts,
    prefillPrompt: prompts,
    numDecode,
    decodeContextTokens: numDecode * contextTokens,
    decodeContexts: (out) => out.fill(contextTokens, 0, numDecode),
  };
}

/** A sample step in words: `prefill 512 + decode 32 x 1024`. */
export function stepName({ promptTokens, numDecode, contextTokens }: SampleStep): string {
  return [
    ...(promptTokens > 0 ? [`prefill ${promptTokens}`] : []),
    ...(numDecode > 0 ? [`decode ${numDecode} x ${contextTokens}`] : []),
  ].join(" + ");
}
