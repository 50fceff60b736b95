import type { Random } from "../../sim/internal/random.ts";

/** Draws the lengths of prompts, outputs and the like, in tokens. */
export interface Lengths {
  /** The smallest value that `next` can give; below 1 only where a distribution is asked for it. */
  readonly least: number;
  next(rng: Random): number;
}

/** Parameters of a distribution by name. */
export type LengthParams = Readonly<Record<string, number>>;

/** One length distribution. */
export interface LengthsDef {
  readonly summary: string;
  /** Names of the parameters that must be there, in the order in which a missing one is named. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What is wrong with the parameters beyond a missing one; undefined if nothing. */
  problem?(params: LengthParams): string | undefined;
  create(params: LengthParams): Lengths;
}
