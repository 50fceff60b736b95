import type { RequestTable } from "../sim/metrics.ts";
import type { RunResult } from "./result.ts";

/** Whether a deployment keeps up with what arrives. */
export type SaturationVerdict = "stable" | "at the knee" | "saturated";

/** How the backlog of a run drifted between its first and its last arrival. */
export interface Saturation {
  readonly verdict: SaturationVerdict;
  /** Why, for a reader. */
  readonly reason: string;
  /** Mean number of waiting requests in the middle third of the arrivals' time, and in the last. */
  readonly waiting: readonly [middle: number, last: number];
  /** The same of all requests in the system, waiting or running. */
  readonly inFlight: readonly [middle: number, last: number];
  /** Growth of the waiting ones between the thirds ÷ the arrivals between their centres. */
  readonly drift: number;
  /** Part of all requests still in flight when the last one arrived, in [0, 1]. */
  readonly stillInFlight: number;
}

/** A run with fewer requests shows no drift. */
const MIN_REQUESTS = 12;
/** Part of the arrivals that piles up, from which on the deployment does not keep up. */
const SATURATED_DRIFT = 0.02;
const KNEE_DRIFT = 0.005;
/** Part of the requests whose client gave up. */
const SATURATED_TIMEOUTS = 0.01;
/** Part of the requests in flight at the last arrival, above which the run is too short to tell. */
const UNSETTLED = 0.5;

/**
 * Judges whether the backlog of a run drifts. A request waits until it last enters a batch, and for
 * ever if it never does, so clients that give up make no queue look short.
 */
export function saturationOf({ table, instances, maxNumSeqs }: RunResult): Saturation {
  const numTimedOut = instances.reduce((sum, { metrics }) => sum + metrics.numTimedOut, 0);
  const { fromUs, toUs, numRequests } = arrivalsOf(table);
  const thirdUs = (toUs - fromUs) / 3;
  const means = (latencies: Float64Array) => meansOver(table, latencies, [fromUs, thirdUs]);
  const waiting = means(table.schedulingDelayUs.data);
  const inFlight = means(table.e2eUs.data);
  const numArrivals = count(table, (row) => table.arrivalUs.data[row]! > fromUs + thirdUs) / 2;
  const numOpen = count(table, (row) => !(endUs(table, row) <= toUs));
  const measured = {
    waiting,
    inFlight,
    drift: growth(waiting) / Math.max(1, numArrivals),
    stillInFlight: numRequests === 0 ? 0 : numOpen / numRequests,
  };
  const [verdict, reason] = judge(measured, {
    timedOut: numRequests === 0 ? 0 : numTimedOut / numRequests,
    numArrivals,
    numRequests,
    maxNumSeqs,
  });
  return { verdict, reason, ...measured };
}

/** True if a run ended before it could show whether the deployment keeps up. */
export function isTooShort({ verdict, stillInFlight }: Saturation): boolean {
  return verdict === "at the knee" && stillInFlight > UNSETTLED;
}

interface Totals {
  /** Part of the requests. */
  readonly timedOut: number;
  /** Between the centres of the thirds that are compared. */
  readonly numArrivals: number;
  readonly numRequests: number;
  /** Requests that all batches together hold. */
  readonly maxNumSeqs: number;
}

function judge(
  { waiting, inFlight, drift, stillInFlight }: Omit<Saturation, "verdict" | "reason">,
  { timedOut, numArrivals, numRequests, maxNumSeqs }: Totals,
): [SaturationVerdict, string] {
  if (timedOut >= SATURATED_TIMEOUTS) return ["saturated", `${percent(timedOut)} timed out`];
  if (numRequests < MIN_REQUESTS) return ["stable", "too few requests to show a drift"];
  const queue = `the queue grew from ${short(waiting[0])} to ${short(waiting[1])} requests`;
  if (drift >= SATURATED_DRIFT && isBeyondChance(waiting, 2)) return ["saturated", queue];
  if (drift >= KNEE_DRIFT && isBeyondChance(waiting, 1)) return ["at the knee", queue];
  if (stillInFlight > UNSETTLED) {
    const share = percent(stillInFlight);
    return [
      "at the knee",
      `too short to tell: ${share} were in flight when the last request arrived`,
    ];
  }
  // No queue shows while batches fill up, and steps get longer: the time for that may be minutes.
  const isFilling = inFlight[1] + growth(inFlight) >= maxNumSeqs;
  if (isFilling && isBeyondChance(inFlight, 2.5, inFlight[0] / numArrivals)) {
    const flight = `${short(inFlight[0])} to ${short(inFlight[1])}`;
    return [
      "at the knee",
      `the requests in flight still grew from ${flight}, batches hold ${maxNumSeqs}`,
    ];
  }
  return ["stable", `${short(waiting[1])} requests waited, ${short(inFlight[1])} were in flight`];
}

/** Requests that were not dropped and for which `test` holds. */
function count(table: RequestTable, test: (row: number) => boolean): number {
  let matching = 0;
  for (let row = 0; row < table.length; row++) {
    if (!table.isDropped(row) && test(row)) matching++;
  }
  return matching;
}

function growth([middle, last]: readonly [number, number]): number {
  return last - middle;
}

/**
 * Counts of independent requests vary by about their root, the difference of two by √2 of it. Their
 * means over a third vary less if a request `stays` for a part of it only.
 */
function isBeyondChance(
  counts: readonly [number, number],
  deviations: number,
  stays = 1,
): boolean {
  const variance = Math.max(0.5, counts[0]) * Math.min(1, stays);
  return growth(counts) > deviations * Math.sqrt(2 * variance);
}

/** First and last arrival of all that was not dropped, 0 without any, and how many there are. */
function arrivalsOf(table: RequestTable) {
  let fromUs = Infinity;
  let toUs = -Infinity;
  let numRequests = 0;
  for (let row = 0; row < table.length; row++) {
    if (table.isDropped(row)) continue;
    fromUs = Math.min(fromUs, table.arrivalUs.data[row]!);
    toUs = Math.max(toUs, table.arrivalUs.data[row]!);
    numRequests++;
  }
  return numRequests === 0 ? { fromUs: 0, toUs: 0, numRequests } : { fromUs, toUs, numRequests };
}

/** Mean number of requests within `latency` of their arrival, over the second and the last third. */
function meansOver(
  table: RequestTable,
  latencies: Float64Array,
  [fromUs, thirdUs]: readonly [number, number],
): [number, number] {
  const sums: [number, number] = [0, 0];
  if (thirdUs === 0) return sums;
  for (let row = 0; row < table.length; row++) {
    if (table.isDropped(row)) continue;
    const start = table.arrivalUs.data[row]!;
    const latency = latencies[row]!;
    const end = Number.isNaN(latency) ? Infinity : start + latency;
    for (let third = 0; third < 2; third++) {
      const lower = fromUs + (third + 1) * thirdUs;
      sums[third]! += Math.max(0, Math.min(end, lower + thirdUs) - Math.max(start, lower));
    }
  }
  return [sums[0] / thirdUs, sums[1] / thirdUs];
}

/** NaN if it did not complete. */
function endUs(table: RequestTable, row: number): number {
  return table.arrivalUs.data[row]! + table.e2eUs.data[row]!;
}

function percent(part: number): string {
  return `${Number((part * 100).toPrecision(2))} % of the requests`;
}

function short(count: number): string {
  return String(Number(count.toPrecision(2)));
}
