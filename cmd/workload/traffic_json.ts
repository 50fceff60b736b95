import type {
  ClientShare,
  LengthSummary,
  Share,
  TrafficSummary,
} from "../../workload/traffic_summary.ts";

/** What a workload sends. */
export interface Traffic {
  readonly seed: bigint;
  /** False if only the first requests were looked at. */
  readonly isComplete: boolean;
  /** How fast answers are taken to come, in ms a token; undefined if nobody waits for them. */
  readonly assumedItlMs: number | undefined;
  readonly summary: TrafficSummary;
}

/** Traffic as JSON values. */
export function trafficJson({ seed, isComplete, assumedItlMs, summary }: Traffic) {
  const seconds = summary.durationUs / 1e6;
  return {
    seed: String(seed),
    requests: summary.numRequests,
    complete: isComplete,
    duration_s: seconds,
    requests_per_sec: perSecond(summary.numRequests, seconds),
    prompt_tokens_per_sec: perSecond(summary.totalPromptTokens, seconds),
    output_tokens_per_sec: perSecond(summary.totalOutputTokens, seconds),
    gap_cv: summary.gapCv,
    assumed_itl_ms: assumedItlMs,
    rates: summary.rates.map(({ fromUs, toUs, ratePerSecond }) => ({
      from_s: fromUs / 1e6,
      to_s: toUs / 1e6,
      requests_per_sec: ratePerSecond,
    })),
    prompt_tokens: lengthsJson(summary.prompt, summary.totalPromptTokens),
    output_tokens: lengthsJson(summary.output, summary.totalOutputTokens),
    prefix_tokens: summary.prefixTokens,
    repeated_prompt_tokens: summary.repeatedTokens,
    sessions: {
      count: summary.numSessions,
      requests: summary.numSessionRequests,
      max_rounds: summary.maxRounds,
    },
    clients: summary.clients.map(clientJson),
    slo_classes: summary.sloClasses.map(shareJson),
    tenants: summary.tenants.map(shareJson),
  };
}

/** A rate, 0 over no time at all. */
export function perSecond(count: number, seconds: number): number {
  return seconds === 0 ? 0 : count / seconds;
}

function lengthsJson({ mean, min, p50, p90, p99, max, histogram }: LengthSummary, total: number) {
  return { total, mean, min, p50, p90, p99, max, histogram };
}

function clientJson({ sloClass, meanPromptTokens, meanOutputTokens, ...share }: ClientShare) {
  return {
    ...shareJson(share),
    slo_class: sloClass,
    mean_prompt_tokens: meanPromptTokens,
    mean_output_tokens: meanOutputTokens,
  };
}

function shareJson({ name, numRequests }: Share) {
  return { name, requests: numRequests };
}
