import { costOf, energyOf, type UnitCosts } from "../../cluster/cost.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { fewDigits } from "../../cluster/slo_target.ts";
import type { GpuPrices } from "./gpu_prices.ts";
import type { Judgement } from "./verdict.ts";

/** A deployment and what came of it; undefined where nothing ran to its end. */
export interface CostedPoint {
  readonly deployment: Deployment | undefined;
  readonly judgement: Judgement | undefined;
}

/** What a run of a deployment costs. */
export interface RunCost {
  readonly numGpus: number;
  /** In USD. */
  readonly price: UnitCosts;
  /** In Wh; an estimate. */
  readonly energy: UnitCosts;
  /** Where the price comes from. */
  readonly source: string;
}

/** Price and energy of a run; undefined where nothing ran to its end. */
export function costOfRun(
  { deployment, judgement }: CostedPoint,
  prices: GpuPrices,
): RunCost | undefined {
  if (deployment === undefined || judgement === undefined) return undefined;
  const { metrics, goodput, numSeeds, utilisation } = judgement;
  const numGpus = Math.max(1, deployment.tp) * deployment.dp * deployment.numInstances;
  const run = {
    numGpus,
    durationS: metrics.vllm_estimated_duration_s ?? 0,
    inputTokens: metrics.total_input_tokens ?? 0,
    outputTokens: metrics.total_output_tokens ?? 0,
    numGood: goodput[0]!.good / numSeeds,
    utilisation,
  };
  const price = prices(deployment.gpu);
  return {
    numGpus,
    price: costOf(run, price),
    energy: energyOf(run, price),
    source: price.source,
  };
}

/** A cost as JSON values, where NaN becomes null. */
export function describeCost(cost: RunCost | undefined) {
  if (cost === undefined) return null;
  const { price, energy } = cost;
  return {
    gpus: cost.numGpus,
    price_source: cost.source,
    usd_per_hour: price.perHour,
    usd_per_1m_input_tokens: price.perMillionInputTokens,
    usd_per_1m_output_tokens: price.perMillionOutputTokens,
    usd_per_1m_tokens: price.perMillionTokens,
    usd_per_1000_good_requests: price.perThousandGood,
    energy_is_estimate: true,
    watts: energy.perHour,
    wh_per_1m_input_tokens: energy.perMillionInputTokens,
    wh_per_1m_output_tokens: energy.perMillionOutputTokens,
    wh_per_1m_tokens: energy.perMillionTokens,
    wh_per_1000_good_requests: energy.perThousandGood,
  };
}

/** Price and energy as lines of text. */
export function costText({ price, energy, source }: RunCost): string {
  const cost = Number.isNaN(price.perHour) ? "Cost: unknown; state a price with --gpu-price\n" : [
    `Cost: ${usd(price.perHour)}/h, ${usd(price.perMillionInputTokens)} per 1M input tokens, `,
    `${usd(price.perMillionOutputTokens)} per 1M output tokens, `,
    `${usd(price.perThousandGood)} per 1000 good requests (${source})\n`,
  ].join("");
  if (Number.isNaN(energy.perHour)) return cost;
  return [
    cost,
    `Energy (estimate): ${fewDigits(energy.perHour)} W, `,
    `${wattHours(energy.perMillionOutputTokens)} per 1M output tokens, `,
    `${wattHours(energy.perThousandGood)} per 1000 good requests\n`,
  ].join("");
}

/** An energy with its unit; NaN is a dash. */
export function wattHours(amount: number): string {
  return Number.isNaN(amount) ? "-" : `${fewDigits(amount)} Wh`;
}

/** Amounts below a cent keep two digits that count. */
export function usd(amount: number): string {
  if (Number.isNaN(amount)) return "-";
  return `$${amount >= 0.1 ? amount.toFixed(2) : Number(amount.toPrecision(2))}`;
}
