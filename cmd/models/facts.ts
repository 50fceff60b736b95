import {
  createLatencyModel,
  isMoe,
  type KvBudget,
  kvBytesPerToken,
  type LatencyModelName,
  latencyModels,
  type LatencyTarget,
  type ModelFile,
  numKvBlocks,
  smallestTp,
  weightBytes,
} from "../../latency/mod.ts";
import type { HardwareConfig } from "../../sim/hardware.ts";
import { namesOf } from "../../sim/internal/registry.ts";
import type { ModelConfig } from "../../sim/model.ts";
import { type CoefficientKey, resolveLatency } from "../resolve/coefficients.ts";
import type { Defaults } from "../resolve/defaults_file.ts";
import { isUserError } from "../diagnostics.ts";
import { SAMPLE_STEPS, type SampleStep, stepShape } from "./sample_steps.ts";

/** How many parameters a model has and what they weigh; undefined = its config does not tell. */
export interface ModelSize {
  readonly parameters: number | undefined;
  readonly weightBytes: number | undefined;
}

/** The fewest GPUs of a kind that hold a model, and the KV blocks that fit beside it. */
export interface Placement {
  readonly gpu: string;
  /** 0 = no number of them holds it. */
  readonly tp: number;
  readonly kvBlocks: number;
}

/** What a step takes in each latency model that can price it, in µs. */
export interface StepPrices {
  readonly step: SampleStep;
  readonly us: ReadonlyMap<LatencyModelName, number>;
}

/** What follows from a model's config on some GPUs; undefined = it does not follow, see `problems`. */
export interface ModelFacts extends ModelSize {
  readonly kvBytesPerToken: number | undefined;
  readonly kvBlocks: number | undefined;
  readonly placements: readonly Placement[];
  readonly prices: readonly StepPrices[];
  readonly problems: readonly string[];
}

/** A model, and the GPUs it is looked at on. */
export interface FactsInput {
  readonly file: ModelFile;
  readonly key: CoefficientKey;
  readonly budget: KvBudget;
  readonly gpus: ReadonlyMap<string, HardwareConfig>;
}

/** Counts the parameters of a model, as the KV capacity does. */
export function sizeOf({ model, uncountable }: ModelFile): ModelSize {
  const { numLayers, hiddenSize, numHeads, intermediateSize, vocabSize } = model;
  const isStated = Math.min(numLayers, hiddenSize, numHeads, intermediateSize, vocabSize) > 0;
  if (!isStated || uncountable !== "") return { parameters: undefined, weightBytes: undefined };
  const bytes = weightBytes(model);
  return {
    parameters: weightBytes({ ...model, weightBytesPerParam: 1 }),
    weightBytes: bytes > 0 ? bytes : undefined,
  };
}

/** All that `blis models show` tells. */
export function modelFacts(input: FactsInput, defaults: Defaults): ModelFacts {
  const { file, key, budget, gpus } = input;
  const { model } = file;
  const problems = new Set<string>();
  if (file.uncountable !== "") problems.add(`No KV blocks can be counted: ${file.uncountable}`);
  const isCountable = file.uncountable === "";
  return {
    ...sizeOf(file),
    kvBytesPerToken: attempt(() => kvBytesPerToken(model, key.tp), problems),
    kvBlocks: isCountable ? attempt(() => numKvBlocks(model, budget), problems) : undefined,
    placements: isCountable ? placementsOf(model, budget, gpus) : [],
    prices: pricesOf(input, defaults, problems),
    problems: [...problems],
  };
}

function placementsOf(
  model: ModelConfig,
  budget: KvBudget,
  gpus: ReadonlyMap<string, HardwareConfig>,
): Placement[] {
  return [...gpus].flatMap(([gpu, hardware]) => {
    if (hardware.memoryGiB <= 0) return [];
    const on = { ...budget, hardware };
    // What hinders them all is told once, by the count for the GPUs that are looked at.
    const tp = attempt(() => smallestTp(model, on));
    if (tp === undefined) return [];
    if (tp === 0) return [{ gpu, tp, kvBlocks: 0 }];
    const kvBlocks = attempt(() => numKvBlocks(model, { ...on, tp }));
    return kvBlocks === undefined ? [] : [{ gpu, tp, kvBlocks }];
  });
}

function pricesOf(
  { file, key, budget }: FactsInput,
  defaults: Defaults,
  problems: Set<string>,
): StepPrices[] {
  const { hardware, tp, dp } = budget;
  const target: LatencyTarget = { model: file.model, hardware, tp, dp };
  const models = namesOf(latencyModels).flatMap((mode) => {
    const create = () => createLatencyModel(resolveLatency(mode, {}, key, defaults), target);
    // Few models have a fit of their own; then its column is left out.
    const latency = attempt(create, mode === "blackbox" ? undefined : problems);
    return latency === undefined ? [] : [{ mode, latency }];
  });
  return SAMPLE_STEPS.map((step) => ({
    step,
    us: new Map(models.map(({ mode, latency }) => [mode, latency.stepUs(stepShape(step))])),
  }));
}

function attempt<T>(action: () => T, problems?: Set<string>): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!isUserError(error)) throw error;
    problems?.add(error.message);
    return undefined;
  }
}

/** `dense`, or how many experts a MoE model has and visits. */
export function kindOf(model: ModelConfig): string {
  return isMoe(model) ? `MoE, ${model.numExpertsPerTok} of ${model.numExperts} experts` : "dense";
}
