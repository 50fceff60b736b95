import { fewDigits, percent } from "../../cluster/slo_target.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import type { GpuPrices } from "../check/gpu_prices.ts";
import { costOfRun, type RunCost, usd } from "../check/run_cost.ts";
import { textTable } from "../table.ts";
import type { Capacity, Quantity } from "./find.ts";
import { marginsOf, tightest } from "./margins.ts";
import type { CapacityPoint } from "./probe.ts";
import { amountText, describeCapacity, fleetText } from "./report.ts";

/** What a search found for one configuration. */
export interface ConfigurationResult {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Undefined if the configuration describes no deployment. */
  readonly capacity: Capacity | undefined;
  /** Why there is no capacity, such as a model that does not fit; "" if there is one. */
  readonly error: string;
}

/** A configuration with its cost, in the order of the ranking. */
export interface Ranked extends ConfigurationResult {
  /** Undefined if no value holds. */
  readonly answer: Answer | undefined;
  /** True if no other configuration is cheaper per hour and better too. */
  readonly isOnFront: boolean;
}

/** The best value of a configuration. */
interface Answer {
  readonly capacity: Capacity;
  readonly best: CapacityPoint;
  readonly cost: RunCost;
}

/** Cheapest per good request first; what has no price or does not hold comes last, in its order. */
export function rank(results: readonly ConfigurationResult[], prices: GpuPrices): Ranked[] {
  const answers = results.map(({ capacity }) => answerOf(capacity, prices));
  const places = answers.map((answer) => answer && placeOf(answer));
  return results
    .map((result, i) => ({
      ...result,
      answer: answers[i],
      isOnFront: isOnFront(places[i], places),
    }))
    .sort((a, b) => orderOf(a.answer) - orderOf(b.answer));
}

function answerOf(capacity: Capacity | undefined, prices: GpuPrices): Answer | undefined {
  const best = capacity?.best;
  const cost = best && costOfRun(best, prices);
  return capacity && best && cost && { capacity, best, cost };
}

const COST_COLUMNS = ["$/h", "$/1M out", "$/1000 good", "Wh/1000 good"];

/** The ranking as a table, and the front. */
export function rankText(find: Quantity, ranked: readonly Ranked[]): string {
  const head = ["", find, ...COST_COLUMNS, "binding", "least margin", ""];
  const rows = ranked.map(({ parameters, answer, isOnFront }) => [
    nameOf(parameters),
    ...(answer === undefined ? Array(head.length - 2).fill("-") : answerCells(answer)),
    isOnFront ? "front" : "",
  ]);
  const sources = new Set(ranked.flatMap(({ answer }) => answer?.cost.source ?? []));
  return [
    textTable([head, ...rows]),
    ...ranked.flatMap(failureLine),
    `Pareto front, ${find === "rate" ? "rate" : "least margin"} against $/h:\n`,
    ...frontLines(find, ranked),
    ...[...sources].map((source) => `Price: ${source}\n`),
    "Energy is an estimate: TDP of the busy time\n",
  ].join("");
}

function answerCells({ capacity, best, cost: { price, energy } }: Answer): string[] {
  return [
    fewDigits(best.x),
    usd(price.perHour),
    usd(price.perMillionOutputTokens),
    usd(price.perThousandGood),
    Number.isNaN(energy.perThousandGood) ? "-" : fewDigits(energy.perThousandGood),
    marginsOf(capacity).binding ?? "-",
    percent(tightest(best)?.margin ?? NaN),
  ];
}

/** The ranking as one JSON document. */
export function rankJson(find: Quantity, ranked: readonly Ranked[], prices: GpuPrices): string {
  return `${
    jsonText({
      find,
      configurations: ranked.map(({ parameters, capacity, error, isOnFront }) => ({
        parameters,
        is_on_front: isOnFront,
        error: error || null,
        capacity: capacity === undefined ? null : describeCapacity(capacity, prices),
      })),
    })
  }\n`;
}

/** What a configuration is worth, and its price per hour; both are compared for the front. */
interface Place {
  readonly worth: number;
  readonly perHour: number;
}

/** Undefined without a price. */
function placeOf({ capacity: { find }, best, cost: { price } }: Answer): Place | undefined {
  const worth = find === "rate" ? best.x : tightest(best)?.margin ?? 0;
  return Number.isNaN(price.perHour) ? undefined : { worth, perHour: price.perHour };
}

function isOnFront(own: Place | undefined, all: readonly (Place | undefined)[]): boolean {
  return own !== undefined &&
    !all.some((other) =>
      other !== undefined && other.worth >= own.worth && other.perHour <= own.perHour &&
      (other.worth > own.worth || other.perHour < own.perHour)
    );
}

/** Larger than any price where there is none. */
function orderOf(answer: Answer | undefined): number {
  const perGood = answer?.cost.price.perThousandGood ?? NaN;
  return Number.isNaN(perGood) ? Number.MAX_VALUE : perGood;
}

function failureLine({ parameters, capacity, error, answer }: Ranked): string[] {
  if (answer !== undefined) return [];
  return [`${nameOf(parameters)}: ${error || (capacity?.beyond?.reason ?? "nothing holds")}\n`];
}

/** Cheapest first. */
function frontLines(find: Quantity, ranked: readonly Ranked[]): string[] {
  return ranked
    .flatMap(({ parameters, answer, isOnFront }) =>
      isOnFront && answer !== undefined ? [{ parameters, ...answer }] : []
    )
    .sort((a, b) => a.cost.price.perHour - b.cost.price.perHour)
    .map(({ parameters, best, cost }) => {
      const amount = `${amountText(find, best.x)} (${fleetText(best)})`;
      return `  ${usd(cost.price.perHour)}/h  ${nameOf(parameters)}: ${amount}\n`;
    });
}

function nameOf(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`).join(" ");
}
