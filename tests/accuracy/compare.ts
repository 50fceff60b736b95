import type { Comparison } from "./errors.ts";
import type { Experiment, Figures } from "./experiments.ts";
import { predict } from "./simulate.ts";

/** Every experiment with our predictions in `modes` and the published ones. */
export async function compareAll(
  experiments: readonly Experiment[],
  modes: readonly string[],
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const experiment of experiments) {
    const ours: Record<string, Figures> = {};
    for (const mode of modes) {
      const prediction = await predict(experiment, mode);
      if (prediction !== undefined) ours[mode] = prediction;
    }
    comparisons.push({ experiment, predictions: { ...ours, ...experiment.predicted } });
  }
  return comparisons;
}

/** The same as the reference replays and judges them: inference-perf loads, figures of stages. */
export async function compareReplayed(
  experiments: readonly Experiment[],
  modes: readonly string[],
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const experiment of experiments) {
    const predictions: Record<string, Figures> = {};
    for (const mode of modes) {
      const prediction = await predict(experiment, mode, "inference-perf");
      if (prediction !== undefined) predictions[mode] = prediction;
    }
    const measured = experiment.stageMeans;
    comparisons.push({ experiment: { ...experiment, measured }, predictions });
  }
  return comparisons;
}
