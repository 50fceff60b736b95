import { blis, FakeIo } from "../cli/fake_io.ts";
import { type Experiment, type Metric, METRICS } from "./experiments.ts";
import { specOf, workloads } from "./workloads.ts";

/** Models that were measured under a name whose config.json is embedded under another. */
const EMBEDDED_NAMES: Readonly<Record<string, string>> = {
  "mistralai/Mixtral-8x22B-Instruct-v0.1": "mistralai/Mixtral-8x22B-v0.1",
};

/**
 * Our prediction of an experiment, means over its stages in ms; undefined where the latency mode
 * has no coefficients for it.
 */
export async function predict(
  experiment: Experiment,
  mode: string,
): Promise<Partial<Record<Metric, number>> | undefined> {
  const workload = workloads[experiment.workload]!;
  const sums: Partial<Record<Metric, number>> = {};
  for (let stage = 0; stage < workload.stages.length; stage++) {
    const io = new FakeIo({ "stage.yaml": specOf(workload, stage) });
    const { code, stdout } = await blis(argsOf(experiment, mode), io);
    if (code !== 0) return undefined;
    const { metrics } = JSON.parse(stdout);
    for (const [metric, key] of Object.entries(METRICS)) {
      sums[metric as Metric] = (sums[metric as Metric] ?? 0) +
        metrics[key] / workload.stages.length;
    }
  }
  return sums;
}

function argsOf(experiment: Experiment, mode: string): string[] {
  const flags = {
    "model": EMBEDDED_NAMES[experiment.model] ?? experiment.model,
    "hardware": experiment.hardware,
    "tp": experiment.tp,
    "latency-model": mode,
    "max-num-batched-tokens": experiment.maxNumBatchedTokens,
    "gpu-memory-utilization": experiment.gpuMemoryUtilization,
    "max-num-seqs": "128",
    "max-model-len": "4096",
    "workload-spec": "stage.yaml",
    "output": "json",
    "log": "error",
  };
  return ["run", ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])];
}
