import { type Distribution, mean, percentileMs } from "./distribution.ts";

/** All that the metrics of an instance, or of the cluster, are computed from; times in µs. */
export interface MetricsInput {
  readonly instanceId: string;
  readonly numCompleted: number;
  readonly stillQueued: number;
  readonly stillRunning: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly endUs: number;
  readonly e2e: Distribution;
  readonly ttft: Distribution;
  readonly itl: Distribution;
  readonly schedulingDelay: Distribution;
  readonly numKvAllocationFailures: number;
  readonly numPreemptions: number;
  readonly cacheHitRate: number;
  readonly numDropped: number;
  readonly numLengthCapped: number;
  readonly numTimedOut: number;
}

/** The printed metrics, keys in their order; latencies in ms, rates per simulated second. */
export function metricsReport(input: MetricsInput): Record<string, string | number> {
  const durationS = input.endUs / 1e6;
  const hasRates = input.numCompleted > 0 && durationS > 0;
  return {
    instance_id: input.instanceId,
    completed_requests: input.numCompleted,
    still_queued: input.stillQueued,
    still_running: input.stillRunning,
    injected_requests: input.numCompleted + input.stillQueued + input.stillRunning +
      input.numDropped + input.numTimedOut,
    total_input_tokens: input.inputTokens,
    total_output_tokens: input.outputTokens,
    vllm_estimated_duration_s: durationS,
    responses_per_sec: hasRates ? input.numCompleted / durationS : 0,
    tokens_per_sec: hasRates ? input.outputTokens / durationS : 0,
    ...latencies(input),
    ...(input.numKvAllocationFailures > 0
      ? { kv_allocation_failures: input.numKvAllocationFailures }
      : {}),
    preemption_count: input.numPreemptions,
    dropped_unservable: input.numDropped,
    length_capped_requests: input.numLengthCapped,
    timed_out_requests: input.numTimedOut,
  };
}

/** The metrics as a file has them: with the cache hit rate, which the printed ones lack. */
export function metricsFileReport(input: MetricsInput): Record<string, string | number> {
  const entries = Object.entries(metricsReport(input));
  const after = entries.findIndex(([key]) => key === "preemption_count") + 1;
  entries.splice(after, 0, ["cache_hit_rate", input.cacheHitRate]);
  return Object.fromEntries(entries);
}

function latencies(input: MetricsInput): Record<string, number> {
  const { numCompleted, e2e, ttft, itl, schedulingDelay } = input;
  const at = (values: Distribution, p: number) => numCompleted === 0 ? 0 : percentileMs(values, p);
  const entries: Record<string, number> = {};
  for (const [name, values] of Object.entries({ e2e, ttft, itl })) {
    entries[`${name}_mean_ms`] = numCompleted === 0 ? 0 : mean(values) / 1000;
    for (const p of [90, 95, 99]) entries[`${name}_p${p}_ms`] = at(values, p);
  }
  entries.scheduling_delay_p99_ms = at(schedulingDelay, 99);
  return entries;
}
