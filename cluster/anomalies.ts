import type { RequestTable } from "../sim/metrics.ts";
import { rowsByInstance, type RunResult } from "./result.ts";

/** What went wrong in a run, counted. */
export interface Anomalies {
  /** Pairs of one class in which the earlier request took more than twice as long as a later one. */
  readonly priorityInversions: number;
  /** Instances whose mean queue is more than twice the mean of all. */
  readonly holBlockingEvents: number;
}

/** Judges a finished run. */
export function anomaliesOf(result: RunResult): Anomalies {
  return {
    priorityInversions: result.countsInversions ? countInversions(result) : 0,
    holBlockingEvents: countHolBlocking(result.instances.map(({ meanWaiting }) => meanWaiting)),
  };
}

/** Instances whose mean queue length is more than twice the mean over all; 0 with one instance. */
export function countHolBlocking(meanWaiting: readonly number[]): number {
  if (meanWaiting.length < 2) return 0;
  let sum = 0;
  for (const value of meanWaiting) sum += value;
  const limit = 2 * (sum / meanWaiting.length);
  return meanWaiting.filter((value) => limit > 0 && value > limit).length;
}

function countInversions({ table, instances }: RunResult): number {
  let count = 0;
  for (const rows of rowsByInstance(table, instances.length)) {
    const groups = new Map<string, number[]>();
    for (const row of rows) {
      if (Number.isNaN(table.e2eUs.data[row]!)) continue;
      const { sloClass } = table.labelsOf(row);
      const group = groups.get(sloClass || "default");
      if (group === undefined) groups.set(sloClass || "default", [row]);
      else group.push(row);
    }
    for (const group of groups.values()) {
      group.sort((a, b) => compareArrivals(table, a, b));
      count += countSlower(group.map((row) => table.e2eUs.data[row]!));
    }
  }
  return count;
}

/** Pairs i < j with e2e[i] > 2·e2e[j], in O(n log n): a Fenwick tree over the ranks. */
export function countSlower(e2e: readonly number[]): number {
  const ranks = [...e2e].sort((a, b) => a - b);
  const tree = new Int32Array(e2e.length + 1);
  let count = 0;
  for (let j = 0; j < e2e.length; j++) {
    let notSlower = 0;
    for (let i = countUpTo(ranks, 2 * e2e[j]!); i > 0; i -= i & -i) notSlower += tree[i]!;
    count += j - notSlower;
    for (let i = countUpTo(ranks, e2e[j]!); i < tree.length; i += i & -i) tree[i]!++;
  }
  return count;
}

/** Order of two rows by arrival, then by the number in their id, follow-ups last. */
export function compareArrivals(table: RequestTable, a: number, b: number): number {
  return table.arrivalUs.data[a]! - table.arrivalUs.data[b]! || compareIds(table, a, b);
}

function compareIds(table: RequestTable, a: number, b: number): number {
  const first = table.number.data[a]!;
  const second = table.number.data[b]!;
  if (first >= 0 && second >= 0) return first - second;
  if (first >= 0 || second >= 0) return first >= 0 ? -1 : 1;
  return trailingCounter(table.id(a)) - trailingCounter(table.id(b)) || a - b;
}

function trailingCounter(id: string): number {
  return Number(id.slice(id.lastIndexOf("_") + 1));
}

/** How many entries of an ascending list are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
