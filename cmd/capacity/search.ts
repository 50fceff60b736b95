/** One value that was tried. */
export interface Probed {
  readonly x: number;
  readonly holds: boolean;
  /** True if it does not hold only because a larger value is asked for. */
  readonly asksForMore?: boolean;
}

/** Where a search ended. */
export interface Bracket<P> {
  /** The best value that holds; undefined if none was found. */
  readonly best: P | undefined;
  /** The nearest value on the other side that does not; undefined if all hold. */
  readonly beyond: P | undefined;
}

/** Bounds of a search over the reals. */
export interface RealBounds {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** How near the two ends of the bracket must come, as a part of the lower. */
  readonly precision: number;
  /** Factor of the first step from `start`; each further one is its square, up to 2. */
  readonly firstStep?: number;
}

/** The largest factor between two values. */
const LARGEST_STEP = 2;

/**
 * The largest value that holds: steps up or down from `start` until there is a bracket, then
 * bisects. A value that asks for more counts as one that holds until the search ends there.
 */
export async function searchLargest<P extends Probed>(
  probe: (x: number) => Promise<P>,
  { start, least, most, precision, firstStep = LARGEST_STEP }: RealBounds,
): Promise<Bracket<P>> {
  let below: P | undefined;
  let beyond: P | undefined;
  const take = async (x: number): Promise<boolean> => {
    const point = await probe(x);
    const isBelow = point.holds || point.asksForMore === true;
    if (isBelow) below = point;
    else beyond = point;
    return isBelow;
  };
  let step = firstStep;
  for (let x = Math.min(start, most); below === undefined || beyond === undefined;) {
    const isBelow = await take(x);
    if (isBelow ? x >= most : x <= least) break;
    x = isBelow ? Math.min(most, x * step) : Math.max(least, x / step);
    step = Math.min(LARGEST_STEP, step * step);
  }
  while (below !== undefined && beyond !== undefined && beyond.x > below.x * (1 + precision)) {
    const middle = (below.x + beyond.x) / 2;
    // Between neighbours among the doubles there is nothing left to try.
    if (middle === below.x || middle === beyond.x) break;
    await take(middle);
  }
  return below?.holds === false ? { best: undefined, beyond: below } : { best: below, beyond };
}

/** The smallest whole number in 1..`most` that holds: doubles from 1, then bisects. */
export async function searchSmallest<P extends Probed>(
  probe: (x: number) => Promise<P>,
  most: number,
): Promise<Bracket<P>> {
  let beyond: P | undefined;
  for (let x = 1; x <= most;) {
    const point = await probe(x);
    if (point.holds) return await narrow(probe, point, beyond);
    beyond = point;
    if (x === most) break;
    x = Math.min(most, 2 * x);
  }
  return { best: undefined, beyond };
}

async function narrow<P extends Probed>(
  probe: (x: number) => Promise<P>,
  first: P,
  failed: P | undefined,
): Promise<Bracket<P>> {
  let best = first;
  let beyond = failed;
  while (best.x - (beyond?.x ?? 0) > 1) {
    const point = await probe(Math.floor((best.x + (beyond?.x ?? 0)) / 2));
    if (point.holds) best = point;
    else beyond = point;
  }
  return { best, beyond };
}

/**
 * The first pair of points that contradicts a search which took it that what holds at one value
 * holds at every easier one: the easier value, which fails, and the harder one, which holds.
 */
export function contradiction<P extends Probed>(
  points: readonly P[],
  isMoreHarder: boolean,
): { readonly fails: P; readonly holds: P } | undefined {
  const byEase = [...points].sort((a, b) => isMoreHarder ? a.x - b.x : b.x - a.x);
  for (const [i, fails] of byEase.entries()) {
    if (fails.holds || fails.asksForMore === true) continue;
    const holds = byEase.slice(i + 1).find((point) => point.holds && point.x !== fails.x);
    if (holds !== undefined) return { fails, holds };
  }
  return undefined;
}
