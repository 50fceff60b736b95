import { z } from "zod";
import type { LatencyModel } from "../sim/latency_model.ts";
import type { ModelConfig } from "../sim/model.ts";
import { blackbox } from "./blackbox.ts";
import { crossModel } from "./cross_model.ts";
import { roofline } from "./roofline.ts";
import type { LatencyTarget } from "./target.ts";
import { trainedPhysics } from "./trained_physics.ts";
import { trainedRoofline } from "./trained_roofline.ts";

export { isMoe } from "./architecture.ts";
export { isModelConfig, type ModelFile, readModelFile } from "./hf_config.ts";
export {
  capModelLen,
  DoesNotFit,
  type KvBudget,
  kvBytesPerToken,
  numKvBlocks,
  smallestTp,
  weightBytes,
} from "./kv_capacity.ts";
export { HARDWARE_FILE, MODEL_FILE } from "./requirements.ts";
export type { LatencyTarget } from "./target.ts";

/** Latency models by the name of `--latency-model`. */
export const latencyModels = {
  roofline,
  blackbox,
  crossmodel: crossModel,
  "trained-roofline": trainedRoofline,
  "trained-physics": trainedPhysics,
};

export type LatencyModelName = keyof typeof latencyModels;

/** A latency model and its coefficients. */
export const latencyConfig = z.discriminatedUnion("mode", [
  roofline.config,
  blackbox.config,
  crossModel.config,
  trainedRoofline.config,
  trainedPhysics.config,
]);

export type LatencyConfig = z.infer<typeof latencyConfig>;

/**
 * The latency model that `config` names, for one model on one kind of GPU. It keeps no state
 * between steps, so that instances may share it.
 * Throws a ConfigError if the model or the GPU lacks a figure that the mode needs.
 */
export function createLatencyModel(config: LatencyConfig, target: LatencyTarget): LatencyModel {
  switch (config.mode) {
    case "roofline":
      return roofline.create(config, target);
    case "blackbox":
      return blackbox.create(config);
    case "crossmodel":
      return crossModel.create(config, target);
    case "trained-roofline":
      return trainedRoofline.create(config, target);
    case "trained-physics":
      return trainedPhysics.create(config, target);
  }
}

/** What a user of `mode` should know about how it prices `model`. */
export function latencyWarnings(mode: LatencyModelName, model: ModelConfig): string[] {
  const warnings = [];
  if (mode !== "blackbox" && model.kvLoraRank > 0) {
    warnings.push(
      "Step times of this MLA model are pessimistic: they read uncompressed KV; " +
        "the number of KV blocks is right",
    );
  }
  if (mode === "trained-roofline" && model.weightBytesPerParam > 0) {
    warnings.push(
      `Latency model "trained-roofline" prices 16-bit weights: the ` +
        `${model.weightBytesPerParam} bytes of this model count for the KV cache only`,
    );
  }
  return warnings;
}
