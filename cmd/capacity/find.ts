import { UsageError } from "../../sim/internal/errors.ts";
import type { CapacityPoint, Prober } from "./probe.ts";
import {
  type Bracket,
  contradiction,
  type RealBounds,
  searchLargest,
  searchSmallest,
} from "./search.ts";

/** What is looked for: the largest rate, or the smallest of the others. */
export const QUANTITIES = ["rate", "instances", "tp", "gpus"] as const;
export type Quantity = typeof QUANTITIES[number];

/** What a search found. */
export interface Capacity extends Bracket<CapacityPoint> {
  readonly find: Quantity;
  /** Requests per second that the workload has where no rate is looked for; NaN = none of its own. */
  readonly rate: number;
  /** True if all requests come at equal gaps. */
  readonly isEvenlySpaced: boolean;
  /** Every value that was tried in runs of full length, ascending. */
  readonly curve: readonly CapacityPoint[];
  /** Two points that contradict each other, if there are any; see `contradiction`. */
  readonly contradiction: ReturnType<typeof contradiction<CapacityPoint>>;
}

/** Bounds of a search. */
export interface FindBounds {
  /** The largest value that is tried; undefined = the default of the quantity. */
  readonly most: number | undefined;
  /** How exact a rate is to be, as a part of it. */
  readonly precision: number;
  /** True if values beside the answer are tried too, for a picture. */
  readonly drawsCurve: boolean;
}

/** The largest value that is tried where nobody says. */
export const DEFAULT_MOST: Readonly<Record<Quantity, number>> = {
  rate: 10_000,
  instances: 64,
  tp: 8,
  gpus: 64,
};
/** Fewer requests per second are no load. */
const LEAST_RATE = 0.01;
/** Shares of the largest rate that are tried too: they draw the curve, and check its direction. */
const CURVE = [0.25, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5];
/** As many instances more are tried too. */
const MORE_INSTANCES = [1, 2];
const TPS = [1, 2, 4, 8, 16, 32];
/** Part of the full length that runs have which only lead near the largest rate. */
const LEAD_PART = 0.1;
/** How near they lead, as a part of a rate. */
const LEAD_PRECISION = 0.04;

/** Searches; no value is tried twice in full length. Throws if no value describes a deployment. */
export async function findCapacity(
  find: Quantity,
  prober: Prober,
  { most = DEFAULT_MOST[find], precision, drawsCurve }: FindBounds,
): Promise<Capacity> {
  const tried = new Map<string, CapacityPoint>();
  const probe: Probe = async (x, trial) => {
    const key = JSON.stringify(trial);
    const point = tried.get(key) ?? await prober.probe(x, trial);
    tried.set(key, point);
    return point;
  };
  const lead: Probe = async (x, trial) => {
    const key = JSON.stringify(trial);
    return tried.get(key) ?? await prober.probe(x, trial, LEAD_PART);
  };
  const probes = { probe, lead: prober.hasFreeLength ? lead : undefined };
  const bracket = await SEARCHES[find](probes, { most, precision, drawsCurve, prober });
  const curve = [...tried.values()].sort((a, b) => a.x - b.x);
  if (curve.every(({ deployment }) => deployment === undefined)) {
    throw new UsageError(curve[0]!.reason);
  }
  const isOrdered = find !== "gpus";
  return {
    find,
    rate: prober.rate,
    isEvenlySpaced: prober.isEvenlySpaced,
    ...bracket,
    curve,
    contradiction: isOrdered ? contradiction(curve, find === "rate") : undefined,
  };
}

type Probe = (x: number, trial: CapacityPoint["trial"]) => Promise<CapacityPoint>;
interface Probes {
  readonly probe: Probe;
  /** The same in short runs; undefined if the length of runs is not ours to choose. */
  readonly lead: Probe | undefined;
}
type Search = (
  probes: Probes,
  bounds: FindBounds & { readonly most: number; readonly prober: Prober },
) => Promise<Bracket<CapacityPoint>>;

const SEARCHES: Readonly<Record<Quantity, Search>> = {
  rate: findRate,
  instances: findInstances,
  tp: findTp,
  gpus: findGpus,
};

async function findRate(
  { probe, lead }: Probes,
  { most, precision, drawsCurve, prober }: Parameters<Search>[1],
): Promise<Bracket<CapacityPoint>> {
  const probeRate = (rate: number) => probe(rate, { rate });
  const start = prober.rate;
  if (Number.isNaN(start)) {
    throw new UsageError("The workload has no rate to vary", {
      flag: "--find",
      hint: "give --rate, a workload file with aggregate_rate, or look for something else",
    });
  }
  const bounds = { start, least: Math.min(LEAST_RATE, most), most, precision };
  const bracket = lead === undefined
    ? await searchLargest(probeRate, bounds)
    : await searchNear(probeRate, (rate) => lead(rate, { rate }), bounds);
  const { best } = bracket;
  for (const part of best !== undefined && drawsCurve ? CURVE : []) {
    if (part * best!.x <= most) await probeRate(part * best!.x);
  }
  return bracket;
}

/** Short runs lead near the largest rate, runs of full length decide. */
async function searchNear(
  probe: (rate: number) => Promise<CapacityPoint>,
  lead: (rate: number) => Promise<CapacityPoint>,
  bounds: RealBounds,
): Promise<Bracket<CapacityPoint>> {
  const precision = Math.max(LEAD_PRECISION, bounds.precision);
  const { best, beyond } = await searchLargest(lead, { ...bounds, precision });
  const start = best?.x ?? beyond?.x ?? bounds.start;
  return await searchLargest(probe, { ...bounds, start, firstStep: 1 + precision });
}

async function findInstances(
  { probe }: Probes,
  { most, drawsCurve }: Parameters<Search>[1],
): Promise<Bracket<CapacityPoint>> {
  const probeInstances = (numInstances: number) => probe(numInstances, { numInstances });
  const bracket = await searchSmallest(probeInstances, most);
  const { best } = bracket;
  for (const more of best !== undefined && drawsCurve ? MORE_INSTANCES : []) {
    if (best!.x + more <= most) await probeInstances(best!.x + more);
  }
  return bracket;
}

/** There are few values, and not every one divides the heads of a model: all are tried. */
async function findTp(
  { probe }: Probes,
  { most }: Parameters<Search>[1],
): Promise<Bracket<CapacityPoint>> {
  const points: CapacityPoint[] = [];
  for (const tp of TPS.filter((tp) => tp <= most)) points.push(await probe(tp, { tp }));
  const best = points.find(({ holds }) => holds);
  return { best, beyond: points.findLast(({ x }) => best === undefined || x < best.x) };
}

/** For each tp the fewest instances; of equally many GPUs the smaller tp. */
async function findGpus(
  { probe }: Probes,
  { most, prober }: Parameters<Search>[1],
): Promise<Bracket<CapacityPoint>> {
  const points: CapacityPoint[] = [];
  let best: CapacityPoint | undefined;
  for (const tp of TPS) {
    const gpus = tp * prober.dp;
    const probeInstances = async (numInstances: number) => {
      const point = await probe(numInstances * gpus, { numInstances, tp });
      points.push(point);
      return { ...point, x: numInstances };
    };
    const limit = Math.floor((best === undefined ? most : best.x - 1) / gpus);
    if (limit < 1) break;
    // A model that does not fit into one instance does not fit into many.
    if ((await probeInstances(1)).deployment === undefined) continue;
    const found = (await searchSmallest(probeInstances, limit)).best;
    if (found !== undefined) best = { ...found, x: found.x * gpus };
  }
  const failed = points.filter(({ x }) => best === undefined || x < best.x)
    .sort((a, b) => a.x - b.x);
  return { best, beyond: failed.at(-1) };
}
