import type { Float64Column } from "../sim/internal/columns.ts";
import { histogramDistribution, wholeDistributionOf } from "../sim/distribution.ts";
import type { Instance } from "../sim/instance.ts";
import { ItlHistogram } from "../sim/itl_histogram.ts";
import type { InstanceMetrics, RequestTable } from "../sim/metrics.ts";
import type { MetricsInput } from "../sim/report.ts";
import type { TraceSummary } from "../trace/summary.ts";

/** What a run leaves behind: the results of each request and of each instance. */
export interface RunResult {
  readonly table: RequestTable;
  readonly instances: readonly InstanceResult[];
  /** Requests that arrived. */
  readonly numArrived: number;
  /** The same by SLO class, where an empty class counts as `default`. */
  readonly arrivedByClass: ReadonlyMap<string, number>;
  /** The most requests that run at once, in all instances together. */
  readonly maxNumSeqs: number;
  readonly numRejectedAtAdmission: number;
  /** Admission rejections by SLO class, where an empty class counts as `standard`. */
  readonly rejectedByClass: ReadonlyMap<string, number>;
  /** Requests for which no instance serves their model. */
  readonly numRejectedAtRouting: number;
  /** One model that they named, "" if there is none. */
  readonly unknownModel: string;
  /** Counted decisions, where they were traced. */
  readonly traceSummary: TraceSummary | undefined;
  /** True if an unfair order of the waiting queue counts as a priority inversion. */
  readonly countsInversions: boolean;
}

/** What an instance leaves behind. */
export interface InstanceResult {
  readonly metrics: InstanceMetrics;
  readonly stillQueued: number;
  readonly stillRunning: number;
  readonly endUs: number;
  /** Mean number of waiting requests over the steps, 0 without steps. */
  readonly meanWaiting: number;
  readonly hitRate: number;
  readonly thrashingRate: number;
  readonly itl: ItlHistogram;
}

/** Closes the books of an instance; `horizonUs` bounds its end. */
export function instanceResult(instance: Instance, horizonUs: number): InstanceResult {
  instance.finish();
  const { metrics, kv } = instance;
  return {
    metrics,
    stillQueued: instance.waiting.length,
    stillRunning: instance.running.size,
    endUs: Math.min(instance.nowUs, horizonUs),
    meanWaiting: metrics.numSteps === 0 ? 0 : metrics.waitingSum / metrics.numSteps,
    hitRate: kv.hitRate,
    thrashingRate: kv.thrashingRate,
    itl: instance.latencies.histogram,
  };
}

/** Metrics of each instance. */
export function instanceMetrics({ table, instances }: RunResult): MetricsInput[] {
  const rows = rowsByInstance(table, instances.length);
  return instances.map((instance, i) =>
    metricsOver(table, rows[i]!, [instance], instance.itl, `instance_${i}`)
  );
}

/** Metrics of the whole cluster: sums, the latest end, and statistics over all requests. */
export function clusterMetrics({ table, instances }: RunResult): MetricsInput {
  const itl = new ItlHistogram();
  for (const instance of instances) itl.merge(instance.itl);
  return metricsOver(table, undefined, instances, itl, "cluster");
}

/** Of the rows of some instances; without `rows` of all: what was dropped has no latencies. */
function metricsOver(
  table: RequestTable,
  rows: Int32Array | undefined,
  instances: readonly InstanceResult[],
  itl: ItlHistogram,
  instanceId: string,
): MetricsInput {
  const sum = (value: (instance: InstanceResult) => number) =>
    instances.reduce((total, instance) => total + value(instance), 0);
  const scratch = new Float64Array(rows?.length ?? table.length);
  const distribution = (column: Float64Column) =>
    wholeDistributionOf(copyPresent(column, rows, scratch));
  return {
    instanceId,
    numCompleted: sum(({ metrics }) => metrics.numCompleted),
    stillQueued: sum(({ stillQueued }) => stillQueued),
    stillRunning: sum(({ stillRunning }) => stillRunning),
    inputTokens: sum(({ metrics }) => metrics.inputTokens),
    outputTokens: sum(({ metrics }) => metrics.outputTokens),
    endUs: instances.reduce((end, { endUs }) => Math.max(end, endUs), 0),
    e2e: distribution(table.e2eUs),
    ttft: distribution(table.ttftUs),
    itl: histogramDistribution(itl),
    schedulingDelay: distribution(table.schedulingDelayUs),
    numKvAllocationFailures: sum(({ metrics }) => metrics.numKvAllocationFailures),
    numPreemptions: sum(({ metrics }) => metrics.numPreemptions),
    cacheHitRate: sum(({ hitRate }) => hitRate) / instances.length,
    numDropped: sum(({ metrics }) => metrics.numDropped),
    numLengthCapped: sum(({ metrics }) => metrics.numLengthCapped),
    numTimedOut: sum(({ metrics }) => metrics.numTimedOut),
  };
}

/** The values of a column in some rows, without those that never came to be. */
export function present(column: Float64Column, rows: ArrayLike<number>): Float64Array {
  return copyPresent(column, rows, new Float64Array(rows.length));
}

/** The same in the front of `out`; without `rows` of all rows. */
function copyPresent(
  { data, length }: Float64Column,
  rows: ArrayLike<number> | undefined,
  out: Float64Array,
): Float64Array {
  const numRows = rows?.length ?? length;
  let count = 0;
  for (let i = 0; i < numRows; i++) {
    const value = data[rows === undefined ? i : rows[i]!]!;
    if (!Number.isNaN(value)) out[count++] = value;
  }
  return out.subarray(0, count);
}

/** The rows of each instance, in order; one pass, since gathering per instance would be quadratic. */
export function rowsByInstance(table: RequestTable, numInstances: number): Int32Array[] {
  const counts = new Int32Array(numInstances);
  for (let row = 0; row < table.length; row++) {
    if (!table.isDropped(row)) counts[table.instance.at(row)]!++;
  }
  const rows = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < table.length; row++) {
    const instance = table.instance.at(row);
    if (!table.isDropped(row)) rows[instance]![counts[instance]!++] = row;
  }
  return rows;
}
