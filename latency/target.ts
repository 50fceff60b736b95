import type { HardwareConfig } from "../sim/hardware.ts";
import type { ModelConfig } from "../sim/model.ts";

/** What a latency model prices: a model on GPUs, and how it is spread over them. */
export interface LatencyTarget {
  readonly model: ModelConfig;
  readonly hardware: HardwareConfig;
  /** GPUs that share each layer, at least 1. */
  readonly tp: number;
  /** Replicas of the attention layers of a MoE model, at least 1; 1 for a dense model. */
  readonly dp: number;
}
