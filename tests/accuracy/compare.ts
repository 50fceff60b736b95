import type { Comparison } from "./errors.ts";
import type { Experiment, Figures } from "./experiments.ts";
import { predict } from "./simulate.ts";
import type { Arrivals } from "./workloads.ts";

/** Every experiment with our predictions in `modes` and the published ones. */
export async function compareAll(
  experiments: readonly Experiment[],
  modes: readonly string[],
): Promise<Comparison[]> {
  const ours = await predictAll(experiments, modes, "constant");
  return experiments.map((experiment, i) => ({
    experiment,
    predictions: { ...ours[i], ...experiment.predicted },
  }));
}

/** The same as the reference replays and judges them: inference-perf loads, figures of stages. */
export async function compareReplayed(
  experiments: readonly Experiment[],
  modes: readonly string[],
): Promise<Comparison[]> {
  const ours = await predictAll(experiments, modes, "inference-perf");
  return experiments.map((experiment, i) => ({
    experiment: { ...experiment, measured: experiment.stageMeans },
    predictions: ours[i]!,
  }));
}

/** Mode → figures, one record an experiment. */
async function predictAll(
  experiments: readonly Experiment[],
  modes: readonly string[],
  arrivals: Arrivals,
): Promise<Record<string, Figures>[]> {
  const all: Record<string, Figures>[] = [];
  for (const experiment of experiments) {
    const predictions: Record<string, Figures> = {};
    for (const mode of modes) {
      const prediction = await predict(experiment, mode, arrivals);
      if (prediction !== undefined) predictions[mode] = prediction;
    }
    all.push(predictions);
  }
  return all;
}
