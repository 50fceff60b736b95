import { type AdmissionDef, ADMITTED, rejected } from "./admission.ts";

/** A request costs its prompt tokens, paid from a bucket that refills at a constant rate. */
export const tokenBucket: AdmissionDef = {
  summary: "let prompts in at a constant rate of tokens, with bursts up to the bucket's capacity",
  create({ tokenBucketCapacity: capacity, tokenBucketRefillRate: tokensPerS }) {
    const rejection = rejected("insufficient tokens");
    let tokens = capacity;
    let lastUs = 0;
    return {
      reads: [],
      admit({ promptTokens }, { nowUs }) {
        if (nowUs > lastUs) {
          tokens = Math.min(capacity, tokens + ((nowUs - lastUs) * tokensPerS) / 1e6);
          lastUs = nowUs;
        }
        if (tokens < promptTokens) return rejection;
        tokens -= promptTokens;
        return ADMITTED;
      },
    };
  },
};
