import type { Deployment } from "../cluster/deployment.ts";
import type { RunResult } from "../cluster/result.ts";
import { saturationOf } from "../cluster/saturation.ts";
import type { DropReason } from "../sim/metrics.ts";
import type { MetricsInput } from "../sim/report.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { noteOfLongPrompts } from "./resolve/measured_error.ts";

const DROP_REASONS: Readonly<Record<DropReason, string>> = {
  "negative-budget": "their output budget is negative",
  "prompt-too-long": "their prompt fills the model length",
  "total-too-long": "prompt and output exceed the model length",
  "too-few-blocks": "they need more KV blocks than there are",
};

/** Says where a finished run is not what its metrics seem to tell. */
export function warnOfOutcome(
  result: RunResult,
  metrics: MetricsInput,
  deployment: Deployment,
  diagnostics: Diagnostics,
): void {
  const { numArrived } = result;
  const share = (count: number) => `${count} of ${numArrived} requests`;
  for (const [reason, count] of dropped(result)) {
    diagnostics.warn(`Dropped ${share(count)}: ${DROP_REASONS[reason]}`);
  }
  if (result.numRejectedAtAdmission > 0) {
    const { policy } = deployment.admission;
    diagnostics.warn(
      `Admission policy "${policy}" rejected ${share(result.numRejectedAtAdmission)}`,
    );
  }
  if (result.numRejectedAtRouting > 0) {
    diagnostics.warn(
      `Rejected ${share(result.numRejectedAtRouting)}: they name model ` +
        `"${result.unknownModel}", the instances serve "${deployment.model}"`,
      "leave out model in the workload, or name that of --model",
    );
  }
  warnOfLoad(result, metrics, diagnostics);
  const unfinished = metrics.stillQueued + metrics.stillRunning;
  if (unfinished > 0) {
    diagnostics.warn(`Unfinished at the horizon: ${share(unfinished)}`);
  }
  if (metrics.numCompleted === 0) diagnostics.warn(`Completed: 0 of ${numArrived} requests`);
  const requests = metrics.numCompleted + unfinished + metrics.numTimedOut;
  noteOfLongPrompts(deployment, { tokens: metrics.inputTokens, requests }, { diagnostics });
}

/** Whoever gives up may do so on an idle server too, so a timeout alone is no sign of saturation. */
function warnOfLoad(result: RunResult, { numTimedOut }: MetricsInput, diagnostics: Diagnostics) {
  if (numTimedOut > 0) {
    const isQueueing = result.instances.some(({ meanWaiting }) => meanWaiting >= 1);
    diagnostics.warn(
      `Timed out: ${numTimedOut} of ${result.numArrived} requests`,
      isQueueing
        ? "requests queue up; the other latencies look better than they are"
        : "their timeout is shorter than their answers take",
    );
    return;
  }
  const { verdict, reason } = saturationOf(result);
  if (verdict !== "saturated") return;
  diagnostics.warn(
    `The deployment is saturated: ${reason}`,
    "latencies grow with the length of such a run; `blis capacity` finds the rate that holds",
  );
}

function dropped({ instances }: RunResult): Map<DropReason, number> {
  const counts = new Map<DropReason, number>();
  for (const { metrics } of instances) {
    for (const [reason, count] of metrics.dropped) {
      counts.set(reason, (counts.get(reason) ?? 0) + count);
    }
  }
  return counts;
}
