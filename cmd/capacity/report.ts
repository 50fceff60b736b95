import { partOfLimit } from "../../cluster/slo_check.ts";
import { describeOutcome, describeSaturation } from "../../cluster/slo_document.ts";
import { fewDigits, percent } from "../../cluster/slo_target.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import type { GpuPrices } from "../check/gpu_prices.ts";
import { limitBar, MAX_BAR_CHARACTERS } from "../check/limit_bar.ts";
import { costOfRun, costText, describeCost } from "../check/run_cost.ts";
import { textTable } from "../table.ts";
import { VERSION } from "../version.ts";
import type { Capacity, Quantity } from "./find.ts";
import { marginsOf, tightest } from "./margins.ts";
import type { CapacityPoint } from "./probe.ts";

const TITLES: Readonly<Record<Quantity, string>> = {
  rate: "Largest rate",
  instances: "Fewest instances",
  tp: "Smallest tp",
  gpus: "Fewest GPUs",
};

/** The answer, what binds it, its cost, and the curve as bars. */
export function capacityText(capacity: Capacity, prices: GpuPrices): string {
  const { best } = capacity;
  const cost = best && costOfRun(best, prices);
  return [
    answerText(capacity),
    runText(capacity),
    bindingText(capacity),
    cost && costText(cost),
    "\n",
    curveText(capacity),
  ].join("");
}

function answerText({ find, rate, best }: Capacity): string {
  const load = find === "rate" || Number.isNaN(rate) ? "" : ` for ${amountText("rate", rate)}`;
  const answer = best === undefined
    ? "none holds"
    : `${amountText(find, best.x)} (${fleetText(best)})`;
  return `${TITLES[find]}${load}: ${answer}\n`;
}

/** How the answer was tried. */
function runText({ best, isEvenlySpaced }: Capacity): string {
  if (best === undefined) return "";
  const { durationS } = best;
  const parts = [
    ...(Number.isNaN(durationS) ? [] : [`in runs of ${fewDigits(durationS)} s`]),
    ...(isEvenlySpaced ? ["for evenly spaced requests, see --arrival-process"] : []),
  ];
  return parts.length === 0 ? "" : `Holds: ${parts.join(", ")}\n`;
}

/** A value of the quantity, with its unit. */
export function amountText(find: Quantity, x: number): string {
  return find === "rate" ? `${fewDigits(x)} requests/s` : String(x);
}

/** What serves, in words. */
export function fleetText({ deployment }: CapacityPoint): string {
  if (deployment === undefined) return "nothing";
  const { numInstances, tp, dp, gpu } = deployment;
  const gpus = Math.max(1, tp) * dp;
  return `${numInstances} instance${numInstances === 1 ? "" : "s"} of ${gpus} x ${gpu || "GPU"}`;
}

/** All that the search found, as JSON values, where NaN becomes null. */
export function describeCapacity(capacity: Capacity, prices: GpuPrices) {
  const { find, best, curve, contradiction } = capacity;
  const { binding, bindingMargin, next } = marginsOf(capacity);
  return {
    version: VERSION,
    find,
    answer: best?.x ?? null,
    rate: find === "rate" ? best?.x ?? NaN : capacity.rate,
    duration_s: best?.durationS ?? NaN,
    is_evenly_spaced: capacity.isEvenlySpaced,
    binding: binding ?? null,
    binding_margin: bindingMargin,
    next: next === undefined ? null : describeOutcome(next),
    is_monotone: contradiction === undefined,
    cost: describeCost(best && costOfRun(best, prices)),
    curve: curve.map((point) => describePoint(point, prices)),
  };
}

/** The same as text. */
export function capacityJson(capacity: Capacity, prices: GpuPrices): string {
  return `${jsonText(describeCapacity(capacity, prices))}\n`;
}

function describePoint(point: CapacityPoint, prices: GpuPrices) {
  const { x, trial, holds, reason, judgement } = point;
  return {
    x,
    rate: trial.rate ?? null,
    instances: point.deployment?.numInstances ?? null,
    tp: point.deployment?.tp ?? null,
    holds,
    reason,
    slos: judgement?.outcomes.map(describeOutcome) ?? [],
    saturation: judgement === undefined ? null : describeSaturation(judgement.saturation),
    metrics: judgement?.metrics ?? null,
    cost: describeCost(costOfRun(point, prices)),
  };
}

function bindingText(capacity: Capacity): string {
  const { find, best, beyond } = capacity;
  const { binding, bindingMargin, next } = marginsOf(capacity);
  if (best === undefined) {
    return beyond === undefined ? "" : `Reason: at ${placeText(find, beyond)} ${beyond.reason}\n`;
  }
  const tightestText = next && `${next.target.text}, margin ${percent(next.margin)}\n`;
  if (beyond === undefined) {
    const end = find === "rate" ? "no higher rate was tried, see --most" : "it is the least";
    return `Binding: nothing, ${end}\n${tightestText ? `Tightest: ${tightestText}` : ""}`;
  }
  const margin = Number.isNaN(bindingMargin) ? "" : `, margin ${percent(bindingMargin)}`;
  return [
    `Binding: ${binding}${margin}\n`,
    `At ${placeText(find, beyond)}: ${beyond.reason}\n`,
    tightestText && `Next: ${tightestText}`,
  ].join("");
}

/** Reasons are of any length, so they stand behind the columns. */
function curveText({ find, curve }: Capacity): string {
  const rows = curve.map((point) => {
    const outcome = tightest(point);
    const part = outcome === undefined ? NaN : partOfLimit(outcome);
    return [
      find === "rate" ? fewDigits(point.x) : placeText(find, point),
      outcome?.target.text ?? "-",
      Number.isNaN(part) ? "-" : percent(part),
      `${limitBar(part).padEnd(MAX_BAR_CHARACTERS)}|`,
    ];
  });
  const lines = textTable([[find, "tightest SLO", "of its limit", ""], ...rows]).split("\n");
  return lines.map((line, i) => {
    const point = curve[i - 1];
    return point === undefined
      ? line
      : `${line.slice(0, -1)}  ${point.holds ? "holds" : point.reason}`;
  }).join("\n");
}

/** Where a point lies: for GPUs also the instances and the GPUs of each. */
function placeText(find: Quantity, { x, trial }: CapacityPoint): string {
  if (find !== "gpus") return amountText(find, x);
  return `${x} = ${trial.numInstances} x ${x / trial.numInstances!}`;
}
