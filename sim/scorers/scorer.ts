import type { Request } from "../request.ts";
import type { RouterView, Signal } from "../router_view.ts";

/** Rates the instances for one request: 1 is best, 0 worst. */
export interface Scorer {
  /** What it reads of the view, so that nothing else is kept current. */
  readonly reads: readonly Signal[];
  /** Writes a score in [0, 1] for each of the `view.size` instances. */
  score(request: Request, view: RouterView, out: Float64Array): void;
  /** Told where the request went. */
  onRouted?(request: Request, instance: number): void;
}

/** What a scorer may use beside the view. */
export interface ScorerContext {
  readonly numInstances: number;
  /** Tokens of a KV block. */
  readonly blockSize: number;
}

/** How a scorer is declared in the table of its folder. */
export interface ScorerDef {
  readonly summary: string;
  create(context: ScorerContext): Scorer;
}

/**
 * Rates the least value 1, the greatest 0 and the others linearly between; all 1 where they are
 * equal. The greatest is at least 0.
 */
export function rateLeastBest(values: Float64Array, size: number, out: Float64Array): void {
  let least = Infinity;
  let greatest = 0;
  for (let i = 0; i < size; i++) {
    least = Math.min(least, values[i]!);
    greatest = Math.max(greatest, values[i]!);
  }
  const range = greatest - least;
  for (let i = 0; i < size; i++) out[i] = range === 0 ? 1 : (greatest - values[i]!) / range;
}
