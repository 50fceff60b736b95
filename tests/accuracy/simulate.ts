import { blis, FakeIo } from "../cli/fake_io.ts";
import { type Experiment, type Figures, METRICS } from "./experiments.ts";
import { type Arrivals, specOf, workloads } from "./workloads.ts";

/** Models that were measured under a name whose config.json is embedded under another. */
const EMBEDDED_NAMES: Readonly<Record<string, string>> = {
  "mistralai/Mixtral-8x22B-Instruct-v0.1": "mistralai/Mixtral-8x22B-v0.1",
};

/**
 * Our prediction of an experiment, over the requests of all its stages; undefined where the latency
 * mode has no coefficients for it. Throws an Error where a run fails for any other reason.
 */
export async function predict(
  experiment: Experiment,
  mode: string,
  arrivals: Arrivals = "constant",
): Promise<Figures | undefined> {
  const io = new FakeIo({ "workload.yaml": specOf(workloads[experiment.workload]!, arrivals) });
  const { code, stdout, stderr } = await blis(argsOf(experiment, mode), io);
  if (code !== 0) {
    if (mode === "blackbox") return undefined;
    throw new Error(`experiment ${experiment.id}, ${mode}: ${stderr}`);
  }
  const { metrics } = JSON.parse(stdout);
  return Object.fromEntries(
    Object.entries(METRICS).map(([metric, key]) => [metric, metrics[key]]),
  );
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
    "workload-spec": "workload.yaml",
    "output": "json",
    "log": "error",
  };
  return ["run", ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])];
}
