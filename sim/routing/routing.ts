import type { Random } from "../internal/random.ts";
import type { Request } from "../request.ts";
import type { RouterView, Signal } from "../router_view.ts";
import type { Scorer } from "../scorers/scorer.ts";

/** Chooses the instance that serves an admitted request. */
export interface RoutingPolicy {
  /** What it reads of the view, so that nothing else is kept current. */
  readonly reads: readonly Signal[];
  /** Score of each instance in the last decision, where the policy has scores. */
  readonly scores?: Float64Array;
  /** Index of the instance, in [0, view.size); the view is never empty. */
  route(request: Request, view: RouterView): number;
  /** Why the last decision came out so; for decision traces. */
  reason(): string;
}

/** What a routing policy may use beside the view. */
export interface RoutingContext {
  readonly numInstances: number;
  /** Breaks ties; drawn from only where instances are tied. */
  readonly random: Random;
  /** Scorers of the weighted policy and their weights. */
  readonly scorers: readonly { readonly scorer: Scorer; readonly weight: number }[];
}

/** How a routing policy is declared in the table of its folder. */
export interface RoutingDef {
  readonly summary: string;
  create(context: RoutingContext): RoutingPolicy;
}

/** Chooses among the instances whose value equals `best`: the only one, or one at random. */
export function pickTied(values: Float64Array, best: number, size: number, random: Random): number {
  let numTied = 0;
  let first = -1;
  for (let i = 0; i < size; i++) {
    if (values[i] !== best) continue;
    if (numTied++ === 0) first = i;
  }
  if (numTied === 1) return first;
  let skip = random.intn(numTied);
  for (let i = first;; i++) {
    if (values[i] === best && skip-- === 0) return i;
  }
}
