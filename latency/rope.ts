import { isJsonObject } from "../sim/internal/json_object.ts";

/** What config.json says about the longest sequence. */
export interface RopeSource {
  /** `max_position_embeddings`; 0 = not stated. */
  readonly maxPositionEmbeddings: number;
  readonly modelType: string;
  /** `rope_scaling` as it stands in the file. */
  readonly ropeScaling: unknown;
}

/** Scaling kinds whose `max_position_embeddings` is already the scaled length. */
const PRESCALED: ReadonlySet<unknown> = new Set(["su", "longrope", "llama3"]);

/** Lengths from here on are no tokens any more. */
const LENGTH_LIMIT = 2 ** 63;

/**
 * The longest sequence of a model in tokens, and whether its rope factor lengthened it. 0 = unknown.
 * Source: vLLM, config/model.py, _get_and_verify_max_len.
 */
export function ropeMaxModelLen(
  { maxPositionEmbeddings, modelType, ropeScaling }: RopeSource,
): { tokens: number; scaled: boolean } {
  const unscaled = { tokens: maxPositionEmbeddings, scaled: false };
  if (maxPositionEmbeddings <= 0 || modelType.includes("gemma3")) return unscaled;
  if (!isJsonObject(ropeScaling)) return unscaled;
  const { type, rope_type: ropeType, factor, original_max_position_embeddings: original } =
    ropeScaling;
  const kind = typeof type === "string" && type !== "" ? type : ropeType;
  if (PRESCALED.has(kind) || typeof factor !== "number" || factor <= 1) return unscaled;
  const base = kind === "yarn" && typeof original === "number" && original > 0
    ? Math.trunc(original)
    : maxPositionEmbeddings;
  const length = base * factor;
  if (base >= LENGTH_LIMIT || length >= LENGTH_LIMIT) return unscaled;
  return { tokens: Math.trunc(length), scaled: true };
}
