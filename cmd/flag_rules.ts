import type { z } from "zod";
import type { deploymentFlags, workloadFlags } from "./options.ts";

type Payload<T> = z.core.ParsePayload<T>;
type DeploymentValues = Pick<
  z.output<typeof deploymentFlags>,
  | "alphaCoeffs"
  | "betaCoeffs"
  | "coefficients"
  | "latencyModel"
  | "kvCpuBlocks"
  | "kvTransferBandwidth"
>;
type WorkloadValues = z.output<typeof workloadFlags>;

/** Rules between the flags that describe a deployment. */
export function checkDeploymentFlags(payload: Payload<DeploymentValues>): void {
  const { alphaCoeffs, betaCoeffs, coefficients, latencyModel } = payload.value;
  const { kvCpuBlocks, kvTransferBandwidth } = payload.value;
  if ((alphaCoeffs === undefined) !== (betaCoeffs === undefined)) {
    const [given, missing] = alphaCoeffs ? ["alpha", "beta"] : ["beta", "alpha"];
    refuse(payload, `${given}Coeffs`, `Cannot use --${given}-coeffs without --${missing}-coeffs`);
  }
  if (alphaCoeffs !== undefined && latencyModel === "roofline") {
    refuse(payload, "alphaCoeffs", "Latency model roofline takes no coefficients");
  }
  if (coefficients !== undefined && (alphaCoeffs ?? latencyModel) !== undefined) {
    const hint = "the file says which latency model they are for";
    refuse(payload, "coefficients", "Cannot use --coefficients with another latency model", hint);
  }
  if (kvCpuBlocks > 0 && kvTransferBandwidth <= 0) {
    refuse(payload, "kvTransferBandwidth", "it must be > 0 with --kv-cpu-blocks");
  }
}

/** Rules between the flags that describe a workload. */
export function checkWorkloadFlags(payload: Payload<WorkloadValues>): void {
  const { workloadSpec, workload, concurrency, rate, timeout } = payload.value;
  if (timeout === 0) refuse(payload, "timeout", "it must be > 0, or negative for none");
  if (concurrency > 0 && rate !== undefined) {
    refuse(payload, "rate", "Cannot use --rate and --concurrency together");
  }
  if (workloadSpec !== undefined) {
    if (concurrency > 0) {
      const hint = "state the concurrency of each client in the file";
      refuse(payload, "concurrency", "Cannot use --concurrency and --workload-spec together", hint);
    }
  } else if (concurrency > 0 || workload === "distribution") {
    checkLengths(payload, "prompt");
    checkLengths(payload, "output");
  }
}

/** Pauses of one's own make sense only where rounds wait for answers. */
export function checkThinkTime(
  payload: Payload<{ readonly sessionMode: string; readonly thinkTimeMs: number }>,
): void {
  const { sessionMode, thinkTimeMs } = payload.value;
  if (thinkTimeMs > 0 && sessionMode !== "closed-loop") {
    const hint = "add --session-mode closed-loop";
    refuse(payload, "thinkTimeMs", "Fixed rounds come as recorded, without --think-time-ms", hint);
  }
}

/** A comparison needs results and a place for the report, a fit the model of the server. */
export function checkCalibrationFlags(
  payload: Payload<{
    readonly fit?: string | undefined;
    readonly simResults?: string | undefined;
    readonly report?: string | undefined;
    readonly model: string;
  }>,
): void {
  const { fit, simResults, report, model } = payload.value;
  if (fit !== undefined) {
    if (model === "") {
      refuse(payload, "model", "A fit needs --model, which the trace was served by");
    }
    if (simResults !== undefined) {
      refuse(payload, "simResults", "Cannot use --fit and --sim-results together");
    }
  } else if (simResults === undefined) {
    refuse(payload, "simResults", "Give --sim-results to compare with, or --fit");
  } else if (report === undefined) refuse(payload, "report", "Give --report, a file to write");
}

/** A run needs a model, or a result that names one. */
export function checkModelOrResult(
  payload: Payload<{ readonly model: string; readonly fromResult?: string | undefined }>,
): void {
  const { model, fromResult } = payload.value;
  if (model === "" && fromResult === undefined) {
    refuse(payload, "model", "Give a model", "for example --model qwen/qwen3-14b");
  }
}

function checkLengths(payload: Payload<WorkloadValues>, kind: "prompt" | "output"): void {
  const { [`${kind}Tokens` as const]: mean, [`${kind}TokensStdev` as const]: stdDev } =
    payload.value;
  const { [`${kind}TokensMin` as const]: min, [`${kind}TokensMax` as const]: max } = payload.value;
  const range = `${min}..${max}, the range of --${kind}-tokens-min and -max`;
  if (min < 1) refuse(payload, `${kind}TokensMin`, "it must be >= 1");
  else if (max < 1) refuse(payload, `${kind}TokensMax`, "it must be >= 1");
  else if (stdDev < 0) refuse(payload, `${kind}TokensStdev`, "it must be >= 0");
  else if (min > max) {
    refuse(payload, `${kind}TokensMin`, `it must be <= --${kind}-tokens-max ${max}`);
  } else if (mean < min || mean > max) {
    refuse(payload, `${kind}Tokens`, `it must be within ${range}`);
  } else if (stdDev > max || (stdDev !== 0 && stdDev < min)) {
    refuse(payload, `${kind}TokensStdev`, `it must be 0 or within ${range}`);
  }
}

/** Adds an issue at a flag; see `isSentence` for the message. */
function refuse(
  payload: Payload<Record<string, unknown>>,
  key: string,
  message: string,
  hint?: string,
): void {
  const { value } = payload;
  const params = { value: value[key], hint };
  payload.issues.push({ code: "custom", input: value, path: [key], message, params });
}
