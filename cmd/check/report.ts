import { isTooShort, type Saturation } from "../../cluster/saturation.ts";
import { partOfLimit, type SloOutcome } from "../../cluster/slo_check.ts";
import {
  describeGoodput,
  describeOutcome,
  describeSaturation,
} from "../../cluster/slo_document.ts";
import { goodputLine, outcomeCells, tellingGoodput } from "../../cluster/slo_render.ts";
import { fewDigits, percent } from "../../cluster/slo_target.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { textTable } from "../table.ts";
import { VERSION } from "../version.ts";
import type { Comparison } from "./baseline.ts";
import { costText, describeCost, type RunCost } from "./run_cost.ts";
import { holds, type JudgeBy, type Judgement, keepsUp } from "./verdict.ts";

/** All that a check has to say. */
export interface CheckReport {
  readonly judgement: Judgement;
  /** Empty without a baseline. */
  readonly comparisons: readonly Comparison[];
  readonly seeds: readonly bigint[];
  readonly judgeBy: JudgeBy;
  readonly cost: RunCost | undefined;
}

/** One thing that was checked, in words. */
export interface CheckedLine {
  readonly name: string;
  readonly value: string;
  readonly limit: string;
  readonly margin: string;
  readonly holds: boolean;
  /** What is to be said if it does not hold. */
  readonly failure: string;
  /** Part of the limit that is taken up, for a chart; NaN if there is none. */
  readonly part: number;
}

/** True if all SLOs hold, the deployment keeps up and nothing became worse. */
export function passes({ judgement, comparisons }: CheckReport): boolean {
  return holds(judgement) && comparisons.every((comparison) => comparison.holds);
}

/** SLOs, load and, with a baseline, the metrics that are compared. */
export function checkedLines({ judgement, comparisons }: CheckReport): CheckedLine[] {
  return [
    ...judgement.outcomes.map(outcomeLine),
    loadLine(judgement.saturation),
    ...comparisons.map(comparisonLine),
  ];
}

function outcomeLine(outcome: SloOutcome): CheckedLine {
  const { value, limit, margin } = outcomeCells(outcome);
  const measured = Number.isNaN(outcome.value) ? "no value" : value;
  return {
    name: outcome.target.text,
    value,
    limit,
    margin,
    holds: outcome.holds,
    failure: `${measured}, limit ${limit}`,
    part: partOfLimit(outcome),
  };
}

function loadLine(saturation: Saturation): CheckedLine {
  const { verdict, reason } = saturation;
  const isShort = isTooShort(saturation);
  return {
    name: "load",
    value: isShort ? "too short to tell" : verdict,
    limit: "not saturated",
    margin: "-",
    holds: keepsUp(saturation),
    failure: isShort ? `${reason}; raise --num-requests` : `${verdict}, ${reason}`,
    part: NaN,
  };
}

function comparisonLine(
  { name, before, now, regress, limit, holds }: Comparison,
): CheckedLine {
  const size = percent(Math.abs(regress));
  const change = size === "0 %" ? "unchanged" : `${regress > 0 ? "worse" : "better"} by ${size}`;
  const value = `${fewDigits(now)} (${change})`;
  const limitText = `${fewDigits(limit)} (was ${fewDigits(before)})`;
  return {
    name,
    value,
    limit: limitText,
    margin: percent(Math.abs(now - limit) / limit * (holds ? 1 : -1)),
    holds,
    failure: `${value}, limit ${limitText}`,
    part: NaN,
  };
}

/** The report as text. */
export function checkText(report: CheckReport): string {
  const lines = checkedLines(report);
  const { judgement, seeds, cost } = report;
  const rows = lines.map(({ name, value, limit, margin, holds }) => [
    name,
    value,
    limit,
    margin,
    holds ? "ok" : "MISSED",
  ]);
  const numMissed = lines.filter(({ holds }) => !holds).length;
  return [
    textTable([["check", "value", "limit", "margin", ""], ...rows]),
    `Load: ${judgement.saturation.verdict}: ${judgement.saturation.reason}\n`,
    ...tellingGoodput(judgement.goodput).map((group) => `${goodputLine(group)}\n`),
    ...(cost === undefined ? [] : [costText(cost)]),
    ...(seeds.length > 1 ? [`Seeds: ${seeds.join(", ")}, judged by ${judgedBy(report)}\n`] : []),
    numMissed === 0 ? "All checks hold\n" : `Missed ${numMissed} of ${lines.length} checks\n`,
  ].join("");
}

/** The report as one JSON document, where NaN becomes null. */
export function checkJson(report: CheckReport): string {
  const { judgement, comparisons, seeds, judgeBy, cost } = report;
  const { outcomes, valuesBySeed, saturation, goodput, metrics } = judgement;
  return `${
    jsonText({
      version: VERSION,
      passed: passes(report),
      seeds: seeds.map(String),
      judged_by: judgeBy,
      slos: outcomes.map((outcome, i) => ({
        ...describeOutcome(outcome),
        values_by_seed: valuesBySeed[i]!,
      })),
      saturation: describeSaturation(saturation),
      goodput: goodput.map(describeGoodput),
      cost: describeCost(cost),
      regressions: comparisons.map(({ name, ...compared }) => ({ metric: name, ...compared })),
      metrics,
    })
  }\n`;
}

/** How the seeds were judged, in words. */
export function judgedBy({ judgeBy }: CheckReport): string {
  return judgeBy === "worst" ? "the worst" : "a 95 % bound of the mean";
}
