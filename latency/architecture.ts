import type { HardwareConfig } from "../sim/hardware.ts";
import type { ModelConfig } from "../sim/model.ts";

/** One routed expert is a dense MLP: only with two or more is a model a mixture of experts. */
export function isMoe(model: ModelConfig): boolean {
  return model.numExperts >= 2;
}

/** Key-value heads; a model that states none has one per attention head. */
export function numKvHeads(model: ModelConfig): number {
  return model.numKvHeads === 0 ? model.numHeads : model.numKvHeads;
}

/** Bytes of one weight: the quantized width where there is one. */
export function weightBytesPerParam(model: ModelConfig): number {
  return model.weightBytesPerParam > 0 ? model.weightBytesPerParam : model.bytesPerParam;
}

/** How many layers have routed experts and how many a dense MLP, as far as step time knows. */
export function splitLayers(model: ModelConfig): { moe: number; dense: number } {
  const { numLayers, interleaveMoeLayerStep } = model;
  if (!isMoe(model)) return { moe: 0, dense: numLayers };
  if (interleaveMoeLayerStep <= 0) return { moe: numLayers, dense: 0 };
  const moe = Math.floor(numLayers / (interleaveMoeLayerStep + 1));
  return { moe, dense: numLayers - moe };
}

/** Widths of one routed expert and of a dense layer's MLP, where `width` is the model's MLP. */
export function mlpWidths(model: ModelConfig, width: number): { expert: number; dense: number } {
  return {
    expert: model.moeIntermediateSize > 0 ? model.moeIntermediateSize : width,
    dense: model.intermediateSizeMlp > 0 ? model.intermediateSizeMlp : width,
  };
}

/** Peak throughput in 10^12 FLOP/s: the 8-bit one if weights have exactly one byte. */
export function peakTflops(model: ModelConfig, hardware: HardwareConfig): number {
  const isFp8 = weightBytesPerParam(model) === 1 && hardware.tflopsFp8 > 0;
  return isFp8 ? hardware.tflopsFp8 : hardware.tflopsPeak;
}
