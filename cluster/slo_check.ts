import { type Distribution, distributionOf, mean, percentile } from "../sim/distribution.ts";
import type { RequestTable } from "../sim/metrics.ts";
import type { MetricsInput } from "../sim/report.ts";
import { present, type RunResult } from "./result.ts";
import { GoodLimits, type RequestTargets } from "./slo_limits.ts";
import type { SloTarget } from "./slo_target.ts";

/** An SLO and what a run made of it. */
export interface SloOutcome {
  readonly target: SloTarget;
  /** In the unit of the target's limit; NaN if the run has no such number. */
  readonly value: number;
  /** False too where there is no value. */
  readonly holds: boolean;
  /** Distance to the limit as a part of it, > 0 on the good side; -1 without a value. */
  readonly margin: number;
}

/** How the requests of one SLO class fared. */
export interface ClassGoodput {
  /** An empty class is `default`; all classes together are `""`. */
  readonly name: string;
  /** Requests that arrived, be it that they were rejected or on their way at the horizon. */
  readonly requests: number;
  readonly completed: number;
  /** Those that completed within the limits that the SLOs set for a single request. */
  readonly good: number;
}

/** What all judgements of a run need. */
export interface JudgedRun {
  readonly result: RunResult;
  readonly metrics: MetricsInput;
  /** Targets of the workload or the trace, for goodput; absent = none. */
  readonly requestTargets?: RequestTargets | undefined;
}

/** Judges a run by each of its SLOs, in their order. */
export function checkSlos(targets: readonly SloTarget[], run: JudgedRun): SloOutcome[] {
  const goodput = goodputPerClass(targets, run);
  return targets.map((target) => outcomeOf(target, valueOf(target, run, goodput)));
}

/** An SLO with a value of its metric. */
export function outcomeOf(target: SloTarget, value: number): SloOutcome {
  const { limit, isUpper, isInclusive } = target;
  const distance = isUpper ? limit - value : value - limit;
  const holds = distance > 0 || (isInclusive && distance === 0);
  if (Number.isNaN(value)) return { target, value, holds: false, margin: -1 };
  if (limit === 0) return { target, value, holds, margin: value === 0 ? 0 : isUpper ? -1 : 1 };
  return { target, value, holds, margin: distance / limit };
}

/** How much of its limit a value takes up: 1 is the limit, more is missed; NaN without a value. */
export function partOfLimit({ target, value }: SloOutcome): number {
  return target.isUpper ? value / target.limit : target.limit / value;
}

/**
 * Goodput of all requests, then of each SLO class by name. A request is good if it completed and
 * kept its limits, see {@link GoodLimits}; without any, if it completed.
 */
export function goodputPerClass(
  targets: readonly SloTarget[],
  { result, requestTargets }: Pick<JudgedRun, "result" | "requestTargets">,
): ClassGoodput[] {
  const { table } = result;
  const limits = new GoodLimits(targets, requestTargets);
  const classes = [...result.arrivedByClass]
    .map(([name, requests]) => ({ name, requests, completed: 0, good: 0 }))
    .sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const byName = new Map(classes.map((group) => [group.name, group]));
  for (let row = 0; row < table.length; row++) {
    if (!isCompleted(table, row)) continue;
    const group = byName.get(classOf(table, row))!;
    group.completed++;
    if (limits.areKept(table, row)) group.good++;
  }
  const sum = (key: "completed" | "good") => classes.reduce((total, c) => total + c[key], 0);
  const { numArrived: requests } = result;
  return [{ name: "", requests, completed: sum("completed"), good: sum("good") }, ...classes];
}

/** True if some request has a target that its workload or trace names. */
export function hasRequestTargets({ result: { table }, requestTargets = {} }: JudgedRun): boolean {
  const isAnyOfClass = Object.values(requestTargets)
    .some(({ ttftMs, itlMs, e2eMs }) => Math.max(ttftMs, itlMs, e2eMs) > 0);
  return isAnyOfClass || table.labels.some(({ sloTargetUs }) => sloTargetUs > 0);
}

/** Good ÷ arrived requests, in [0, 1]; NaN without requests. */
export function goodputOf({ good, requests }: ClassGoodput): number {
  return requests === 0 ? NaN : good / requests;
}

function valueOf(
  target: SloTarget,
  { result, metrics }: JudgedRun,
  goodput: readonly ClassGoodput[],
): number {
  const { metric, sloClass } = target;
  const group = goodput.find(({ name }) => name === sloClass);
  const requests = group?.requests ?? 0;
  const durationS = metrics.endUs / 1e6;
  switch (metric) {
    case "throughput":
      return durationS === 0 ? NaN : metrics.numCompleted / durationS;
    case "tokens":
      return durationS === 0 ? NaN : metrics.outputTokens / durationS;
    case "goodput":
      return group === undefined ? NaN : goodputOf(group);
    case "rejected":
      return requests === 0 ? NaN : countRejected(result, sloClass) / requests;
    case "timed_out":
      return requests === 0 ? NaN : countTimedOut(result, metrics, sloClass) / requests;
    default:
      return statisticOf(target, latenciesOf(metric, sloClass, { result, metrics }));
  }
}

function statisticOf({ statistic }: SloTarget, values: Distribution): number {
  if (values.count === 0) return NaN;
  if (statistic === "mean") return mean(values);
  return percentile(values, statistic === "max" ? 100 : Number(statistic.slice(1)));
}

/** Of all requests the ITL is that of single tokens, as printed; of a class, of whole requests. */
function latenciesOf(
  metric: "ttft" | "itl" | "tpot" | "e2e",
  sloClass: string,
  { result: { table }, metrics }: JudgedRun,
): Distribution {
  if (sloClass === "" && metric !== "tpot") return metrics[metric];
  const column = { ttft: table.ttftUs, itl: table.itlUs, tpot: table.itlUs, e2e: table.e2eUs };
  const rows = [];
  for (let row = 0; row < table.length; row++) {
    if (!table.isDropped(row) && (sloClass === "" || classOf(table, row) === sloClass)) {
      rows.push(row);
    }
  }
  return distributionOf(present(column[metric], rows));
}

/** Requests that were turned away: at admission, for their model, or because they can never fit. */
function countRejected(result: RunResult, sloClass: string): number {
  const { table, rejectedByClass, numRejectedAtAdmission, numRejectedAtRouting } = result;
  let count = sloClass === ""
    ? numRejectedAtAdmission + numRejectedAtRouting
    : rejectedByClass.get(sloClass) ?? 0;
  for (let row = 0; row < table.length; row++) {
    if (table.isDropped(row) && (sloClass === "" || classOf(table, row) === sloClass)) count++;
  }
  return count;
}

/** Of a class, what has not completed also counts: rows do not tell why. */
function countTimedOut(
  { table }: RunResult,
  { numTimedOut }: MetricsInput,
  sloClass: string,
): number {
  if (sloClass === "") return numTimedOut;
  let count = 0;
  for (let row = 0; row < table.length; row++) {
    const isOpen = !table.isDropped(row) && !isCompleted(table, row);
    if (isOpen && classOf(table, row) === sloClass) count++;
  }
  return count;
}

function isCompleted(table: RequestTable, row: number): boolean {
  return !table.isDropped(row) && !Number.isNaN(table.e2eUs.data[row]!);
}

function classOf(table: RequestTable, row: number): string {
  return table.labelsOf(row).sloClass || "default";
}
