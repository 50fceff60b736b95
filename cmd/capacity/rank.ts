import { fewDigits, percent } from "../../cluster/slo_target.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import type { Capacity, Quantity } from "./find.ts";
import { marginsOf, tightest } from "./margins.ts";
import { amountText, describeCapacity, fleetText } from "./report.ts";
import type { GpuPrices } from "../check/gpu_prices.ts";
import { costOfRun, type RunCost, usd } from "../check/run_cost.ts";
import { textTable } from "../table.ts";

/** What a search found for one configuration. */
export interface ConfigurationResult {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Why there is no capacity: an error of the user's, such as a model that does not fit. */
  readonly capacity: Capacity | string;
}

/** A configuration with its cost, in the order of the ranking. */
export interface Ranked extends ConfigurationResult {
  /** Undefined if no value holds. */
  readonly cost: RunCost | undefined;
  /** True if no other configuration is cheaper per hour and better too. */
  readonly isOnFront: boolean;
}

/** Cheapest per good request first; what has no price or does not hold comes last, in its order. */
export function rank(results: readonly ConfigurationResult[], prices: GpuPrices): Ranked[] {
  const costed = results.map((result) => {
    const best = typeof result.capacity === "string" ? undefined : result.capacity.best;
    return { ...result, cost: best && costOfRun(best, prices) };
  });
  const places = costed.map(placeOf);
  return costed
    .map((one, i) => ({ ...one, isOnFront: isOnFront(places[i], places) }))
    .sort((a, b) => orderOf(a.cost) - orderOf(b.cost));
}

/** The ranking as a table, and the front. */
export function rankText(find: Quantity, ranked: readonly Ranked[]): string {
  const head = [
    "",
    find,
    "$/h",
    "$/1M out",
    "$/1000 good",
    "Wh/1000 good",
    "binding",
    "least margin",
    "",
  ];
  const rows = ranked.map(({ parameters, capacity, cost, isOnFront }) => {
    const best = typeof capacity === "string" ? undefined : capacity.best;
    if (typeof capacity === "string" || best === undefined || cost === undefined) {
      return [nameOf(parameters), "-", "-", "-", "-", "-", "-", "-", ""];
    }
    return [
      nameOf(parameters),
      fewDigits(best.x),
      usd(cost.price.perHour),
      usd(cost.price.perMillionOutputTokens),
      usd(cost.price.perThousandGood),
      Number.isNaN(cost.energy.perThousandGood) ? "-" : fewDigits(cost.energy.perThousandGood),
      marginsOf(capacity).binding ?? "-",
      percent(tightest(best)?.margin ?? NaN),
      isOnFront ? "front" : "",
    ];
  });
  const front = ranked.filter((one) => one.isOnFront);
  return [
    textTable([head, ...rows]),
    ...ranked.flatMap(failureLine),
    `Pareto front, ${find === "rate" ? "rate" : "least margin"} against $/h:\n`,
    ...frontLines(find, front),
    ...[...new Set(ranked.flatMap(({ cost }) => cost?.source ?? []))].map((source) =>
      `Price: ${source}\n`
    ),
    "Energy is an estimate: TDP of the busy time\n",
  ].join("");
}

/** The ranking as one JSON document. */
export function rankJson(find: Quantity, ranked: readonly Ranked[], prices: GpuPrices): string {
  return `${
    jsonText({
      find,
      configurations: ranked.map(({ parameters, capacity, isOnFront }) => ({
        parameters,
        is_on_front: isOnFront,
        error: typeof capacity === "string" ? capacity : null,
        capacity: typeof capacity === "string" ? null : describeCapacity(capacity, prices),
      })),
    })
  }\n`;
}

/** What a configuration is worth, and its price per hour; both are compared for the front. */
interface Place {
  readonly worth: number;
  readonly perHour: number;
}

function placeOf(
  { capacity, cost }: ConfigurationResult & { readonly cost: RunCost | undefined },
): Place | undefined {
  if (typeof capacity === "string" || capacity.best === undefined || cost === undefined) {
    return undefined;
  }
  const { find, best } = capacity;
  const worth = find === "rate" ? best.x : tightest(best)?.margin ?? 0;
  return Number.isNaN(cost.price.perHour) ? undefined : { worth, perHour: cost.price.perHour };
}

function isOnFront(own: Place | undefined, all: readonly (Place | undefined)[]): boolean {
  return own !== undefined &&
    !all.some((other) =>
      other !== undefined && other.worth >= own.worth && other.perHour <= own.perHour &&
      (other.worth > own.worth || other.perHour < own.perHour)
    );
}

/** Larger than any price where there is none. */
function orderOf(cost: RunCost | undefined): number {
  const perGood = cost?.price.perThousandGood ?? NaN;
  return Number.isNaN(perGood) ? Number.MAX_VALUE : perGood;
}

function failureLine({ parameters, capacity }: Ranked): string[] {
  const reason = typeof capacity === "string"
    ? capacity
    : capacity.best === undefined
    ? capacity.beyond?.reason ?? "nothing holds"
    : "";
  return reason === "" ? [] : [`${nameOf(parameters)}: ${reason}\n`];
}

function frontLines(find: Quantity, front: readonly Ranked[]): string[] {
  const lines = front.flatMap(({ parameters, capacity, cost }) =>
    typeof capacity === "string" || capacity.best === undefined || cost === undefined ? [] : [{
      perHour: cost.price.perHour,
      text: `  ${usd(cost.price.perHour)}/h  ${nameOf(parameters)}: ${
        amountText(find, capacity.best.x)
      } (${fleetText(capacity.best)})\n`,
    }]
  );
  return lines.sort((a, b) => a.perHour - b.perHour).map(({ text }) => text);
}

function nameOf(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`).join(" ");
}
