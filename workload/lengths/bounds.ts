import { toInt } from "../../sim/internal/float.ts";
import type { LengthParams } from "./lengths.ts";

/** Optional limits `min` and `max` of a distribution, truncated to whole tokens; 0 or less is none. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The limits among `params`. */
export function boundsOf(params: LengthParams): Bounds {
  return { min: toInt(params.min ?? 0), max: toInt(params.max ?? 0) };
}

/** Says that `min` exceeds `max`. */
export function boundsProblem(params: LengthParams): string | undefined {
  const { min, max } = boundsOf(params);
  return min > 0 && max > 0 && min > max ? `min (${min}) must be <= max (${max})` : undefined;
}

/** A whole length raised to `min`, then lowered to `max`, then at least 1. */
export function clampLength(value: number, { min, max }: Bounds): number {
  const raised = min > 0 && value < min ? min : value;
  const lowered = max > 0 && raised > max ? max : raised;
  return lowered < 1 ? 1 : lowered;
}
