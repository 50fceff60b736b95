/**
 * All that a latency model may see of one step: the requests that got at least one new token.
 * Prefill chunks are listed one by one in running order; decodes are kept as sums, so that a
 * decode-only step can be priced in O(1).
 */
export interface StepShape {
  /** Requests of the step, also those (without output) that are neither prefill nor decode. */
  readonly numRequests: number;
  readonly numPrefill: number;
  /** Prompt tokens computed before this step, one per prefill chunk. */
  readonly prefillPast: Float64Array;
  /** Tokens granted in this step, one per prefill chunk. */
  readonly prefillNew: Float64Array;
  /** Whole prompt length, one per prefill chunk. */
  readonly prefillPrompt: Float64Array;
  readonly numDecode: number;
  /** Σ of the tokens that the decoding requests had before this step. */
  readonly decodeContextTokens: number;
  /** Writes the context of each decode, in running order, into `out`; costs O(numDecode). */
  decodeContexts(out: Float64Array): void;
}

/** Prices the steps of one instance. All results are whole µs. */
export interface LatencyModel {
  /** Duration of a step, at least 1, also of an empty one. */
  stepUs(step: StepShape): number;
  /** Delay between the arrival of a request at the instance and its place in the queue. */
  queueingUs(promptTokens: number): number;
  /** Added to the first-token latency and to each inter-token latency; delays nothing. */
  readonly outputTokenUs: number;
  /** Added once to the E2E of a request with output; delays nothing. */
  readonly postDecodeUs: number;
}
