import type { SloOutcome } from "../../cluster/slo_check.ts";
import type { Capacity } from "./find.ts";
import type { CapacityPoint } from "./probe.ts";

/** The SLO that ends the capacity, and the one that would end it next. */
export interface Margins {
  /** Text of an SLO, `load`, or `fit of the model`; undefined if nothing was found to end it. */
  readonly binding: string | undefined;
  /** Margin of the binding SLO at the answer; NaN for the load. */
  readonly bindingMargin: number;
  /** The other SLO with the smallest margin at the answer. */
  readonly next: SloOutcome | undefined;
}

/** What binds is what the nearest worse value misses worst. */
export function marginsOf({ best, beyond }: Capacity): Margins {
  const atBest = byMargin(best);
  const missed = byMargin(beyond).find((outcome) => !outcome.holds);
  const binding = missed?.target.text ?? (beyond && other(beyond));
  const bound = atBest.find(({ target }) => target.text === binding);
  return {
    binding,
    bindingMargin: bound?.margin ?? NaN,
    next: atBest.find((outcome) => outcome !== bound),
  };
}

function other({ deployment }: CapacityPoint): string {
  return deployment === undefined ? "fit of the model" : "load";
}

/** The outcome with the smallest margin; undefined without a judgement. */
export function tightest(point: CapacityPoint | undefined): SloOutcome | undefined {
  return byMargin(point)[0];
}

function byMargin(point: CapacityPoint | undefined): SloOutcome[] {
  return [...point?.judgement?.outcomes ?? []].sort((a, b) => a.margin - b.margin);
}
