import type { Random } from "../../sim/internal/random.ts";

/** Draws the gaps between the requests, or sessions, of a client. */
export interface Arrivals {
  /** Gap to the next one in whole µs, at least 1; 0 if there is no next one. */
  nextGapUs(rng: Random): number;
}

/** An arrival process as a spec states it: `cv` or both of `shape` and `scale` (in µs) form it. */
export interface ArrivalShape {
  readonly cv?: number | undefined;
  readonly shape?: number | undefined;
  readonly scale?: number | undefined;
}

/** One arrival process. */
export interface ArrivalsDef {
  readonly summary: string;
  /** `ratePerUs` is requests per µs, > 0. */
  create(shape: ArrivalShape, ratePerUs: number): Arrivals;
}

/** A positive duration as a gap: whole µs, at least 1. */
export function gapUs(durationUs: number): number {
  // Beyond 64 bits the reference wraps around to a negative gap, which it raises to 1.
  return durationUs < 2 ** 63 ? Math.max(1, Math.trunc(durationUs)) : 1;
}

/** Shape and scale where a spec gives both. */
export function explicitShape(
  { shape, scale }: ArrivalShape,
): { readonly shape: number; readonly scale: number } | undefined {
  if (shape === undefined || scale === undefined) return undefined;
  return shape > 0 && scale > 0 ? { shape, scale } : undefined;
}

/** The coefficient of variation of a spec; 1 where it has none. */
export function cvOf({ cv }: ArrivalShape): number {
  return cv !== undefined && cv > 0 ? cv : 1;
}
