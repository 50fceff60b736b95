import {
  isTooShort,
  type Saturation,
  saturationOf,
  type SaturationVerdict,
} from "../../cluster/saturation.ts";
import {
  checkSlos,
  type ClassGoodput,
  goodputPerClass,
  hasRequestTargets,
  type JudgedRun,
  outcomeOf,
  type SloOutcome,
} from "../../cluster/slo_check.ts";
import { type SloTarget, sloTarget } from "../../cluster/slo_target.ts";
import { utilisationOf } from "../../cluster/utilisation.ts";
import { metricsFileReport } from "../../sim/report.ts";
import { oneSidedBound } from "../statistics.ts";

/** How the values of several seeds become one. */
export type JudgeBy = "worst" | "confidence";

/** The judgement of one or several runs of the same deployment. */
export interface Judgement {
  readonly outcomes: readonly SloOutcome[];
  /** By SLO, then by seed. */
  readonly valuesBySeed: readonly (readonly number[])[];
  /** Of the seed that fared worst. */
  readonly saturation: Saturation;
  /** Of all seeds together. */
  readonly goodput: readonly ClassGoodput[];
  /** Means over the seeds of what a run prints. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Part of the time in which the GPUs were busy, in [0, 1]; mean over the seeds. */
  readonly utilisation: number;
  readonly numSeeds: number;
}

/** What nobody meant to allow by leaving it out. */
const FEW_REJECTED = sloTarget.parse("rejected<1%");
const MOSTLY_GOOD = sloTarget.parse("goodput>=99%");

const VERDICTS: readonly SaturationVerdict[] = ["stable", "at the knee", "saturated"];

/** The SLOs, with one more where requests could be turned away, or miss the targets of their workload, unnoticed. */
function withImplied(targets: readonly SloTarget[], run: JudgedRun): readonly SloTarget[] {
  if (targets.length === 0 && hasRequestTargets(run)) return [MOSTLY_GOOD];
  const notices = targets.some(({ metric }) => metric === "rejected" || metric === "goodput");
  return notices ? targets : [...targets, FEW_REJECTED];
}

/** Judges runs that differ in nothing but their seed. */
export function judge(
  written: readonly SloTarget[],
  runs: readonly JudgedRun[],
  judgeBy: JudgeBy,
): Judgement {
  const targets = withImplied(written, runs[0]!);
  const bySeed = runs.map((run) => checkSlos(targets, run));
  const valuesBySeed = targets.map((_, i) => bySeed.map((outcomes) => outcomes[i]!.value));
  const saturations = runs.map(({ result }) => saturationOf(result));
  return {
    outcomes: targets.map((target, i) =>
      outcomeOf(target, joined(target, valuesBySeed[i]!, judgeBy))
    ),
    valuesBySeed,
    saturation: saturations.reduce((worst, one) => isWorse(one, worst) ? one : worst),
    goodput: addGoodput(runs.map((run) => goodputPerClass(targets, run))),
    metrics: meanMetrics(runs),
    utilisation: runs.reduce((sum, { result }) => sum + utilisationOf(result), 0) / runs.length,
    numSeeds: runs.length,
  };
}

/** True if all SLOs hold and the deployment keeps up. */
export function holds({ outcomes, saturation }: Judgement): boolean {
  return keepsUp(saturation) && outcomes.every((outcome) => outcome.holds);
}

/** True if a run shows that the deployment keeps up, be it at the knee. */
export function keepsUp(saturation: Saturation): boolean {
  return saturation.verdict !== "saturated" && !isTooShort(saturation);
}

function joined({ isUpper }: SloTarget, values: readonly number[], judgeBy: JudgeBy): number {
  if (values.some(Number.isNaN)) return NaN;
  if (judgeBy === "worst") return isUpper ? Math.max(...values) : Math.min(...values);
  return oneSidedBound(values, isUpper ? "upper" : "lower");
}

function isWorse(a: Saturation, b: Saturation): boolean {
  const difference = VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);
  return difference === 0 ? a.drift > b.drift : difference > 0;
}

function addGoodput(bySeed: readonly (readonly ClassGoodput[])[]): ClassGoodput[] {
  const sums = new Map<string, ClassGoodput>();
  for (const group of bySeed.flat()) {
    const { requests, completed, good } = sums.get(group.name) ??
      { requests: 0, completed: 0, good: 0 };
    sums.set(group.name, {
      name: group.name,
      requests: requests + group.requests,
      completed: completed + group.completed,
      good: good + group.good,
    });
  }
  return [...sums.values()];
}

function meanMetrics(runs: readonly JudgedRun[]): Record<string, number> {
  const reports = runs.map(({ metrics }) => metricsFileReport(metrics));
  const names = Object.keys(reports[0]!).filter((name) => typeof reports[0]![name] === "number");
  return Object.fromEntries(names.map((name) => {
    const sum = reports.reduce((total, report) => total + Number(report[name] ?? 0), 0);
    return [name, sum / reports.length];
  }));
}
