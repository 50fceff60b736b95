import type { KvCache } from "./kv_cache.ts";
import type { DropReason } from "./metrics.ts";
import type { Request } from "./request.ts";

/** What bounds the requests of an instance. */
export interface ServableLimits {
  /** Most tokens of prompt + output, 0 = unlimited. */
  readonly maxModelLen: number;
  readonly kv: Pick<KvCache, "blockSize" | "numBlocks">;
}

/** Why an instance could never serve a request; undefined if it could. */
export function whyUnservable(
  { promptTokens, maxOutputTokens }: Request,
  { maxModelLen, kv }: ServableLimits,
): DropReason | undefined {
  if (maxOutputTokens < 0) return "negative-budget";
  if (maxModelLen > 0) {
    if (promptTokens >= maxModelLen) return "prompt-too-long";
    if (maxOutputTokens > 0 && promptTokens + maxOutputTokens > maxModelLen) {
      return "total-too-long";
    }
  }
  // The last token is stored only if a block is free, so all but it must fit.
  const stored = Math.max(promptTokens, maxModelLen > 0 ? 0 : promptTokens + maxOutputTokens - 1);
  return Math.ceil(stored / kv.blockSize) > kv.numBlocks ? "too-few-blocks" : undefined;
}
