import { saturationOf } from "./saturation.ts";
import {
  checkSlos,
  type ClassGoodput,
  goodputOf,
  goodputPerClass,
  type JudgedRun,
  type SloOutcome,
} from "./slo_check.ts";
import { percent, quantityText, type SloTarget } from "./slo_target.ts";

/** The section of a run's text about its SLOs; "" without any. */
export function sloBlock(targets: readonly SloTarget[], run: JudgedRun): string {
  if (targets.length === 0) return "";
  const { verdict, reason } = saturationOf(run.result);
  return [
    "=== SLOs ===",
    ...checkSlos(targets, run).map(outcomeLine),
    ...tellingGoodput(goodputPerClass(targets, run)).map(goodputLine),
    `Load: ${verdict}: ${reason}`,
    "",
  ].join("\n");
}

/** Goodput of a class in words. */
export function goodputLine(group: ClassGoodput): string {
  const { name, good, requests } = group;
  const title = name === "" ? "Goodput" : `Goodput (${name})`;
  return `${title}: ${quantityText("share", goodputOf(group))} (${good} of ${requests})`;
}

/** What is worth showing: a single class repeats what all requests together say. */
export function tellingGoodput(groups: readonly ClassGoodput[]): readonly ClassGoodput[] {
  return groups.length > 2 ? groups : groups.filter(({ name }) => name === "");
}

/** Value, limit and margin of an SLO in the words of a table's cells. */
export function outcomeCells({ target, value, margin, holds }: SloOutcome) {
  return {
    verdict: holds ? "holds" : "missed",
    value: quantityText(target.kind, value),
    limit: quantityText(target.kind, target.limit),
    margin: Number.isNaN(value) ? "-" : percent(margin),
  };
}

function outcomeLine(outcome: SloOutcome): string {
  const { verdict, value, margin } = outcomeCells(outcome);
  const measured = Number.isNaN(outcome.value) ? "no value" : `${value} (margin ${margin})`;
  return `${outcome.target.text}: ${verdict}, ${measured}`;
}
