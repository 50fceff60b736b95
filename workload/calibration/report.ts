import type { Matches } from "./calibrate.ts";
import {
  type Agreement,
  agreement,
  COMPARED_PERCENTILES,
  type Deviation,
  meanDeviation,
  type Pairs,
  percentileDeviations,
} from "./pair_statistics.ts";

/** Latencies that are compared, in the order of the report. */
export const COMPARED_METRICS = ["e2e", "itl", "ttft"] as const;
export type ComparedMetric = typeof COMPARED_METRICS[number];

/** One latency of all requests, observed and simulated. */
export interface Comparison {
  readonly mean: Deviation;
  /** At COMPARED_PERCENTILES. */
  readonly percentiles: readonly Deviation[];
  readonly agreement: Agreement;
  readonly count: number;
}

/** A comparison for each latency that has data. */
export type Comparisons = Readonly<Partial<Record<ComparedMetric, Comparison>>>;

/** Compares all latencies that have data. */
export function compare(matches: Matches): Comparisons {
  const entries = COMPARED_METRICS.filter((metric) => matches[metric].real.length > 0)
    .map((metric) => [metric, compareOne(matches[metric])]);
  return Object.fromEntries(entries) as Comparisons;
}

/** The report as JSON values, keys in their order; latencies in µs, shares as fractions. */
export function calibrationReport(
  matches: Matches,
  comparisons: Comparisons,
  ttftMapeThreshold: number,
): Record<string, unknown> {
  const { ttft } = comparisons;
  return {
    trace_info: traceInfo(matches),
    metrics: Object.fromEntries(
      Object.entries(comparisons).map(([metric, comparison]) => [metric, metricReport(comparison)]),
    ),
    config_match: {},
    known_limitations: LIMITATIONS,
    ...(ttft !== undefined && {
      ttft_tolerance: {
        mape: ttft.agreement.mape,
        threshold: ttftMapeThreshold,
        within: ttft.agreement.mape <= ttftMapeThreshold,
      },
    }),
  };
}

const LIMITATIONS: readonly string[] = [
  "A step of the simulation ends for all its requests at once; a server may return tokens earlier",
  "Tokens of a replay are random: only prefixes that the trace names are found in the cache",
  "Speculative decoding is not simulated",
  "Lengths that the trace and the results state differently are counted as token mismatches, not mended",
];

function compareOne(pairs: Pairs): Comparison {
  return {
    mean: meanDeviation(pairs),
    percentiles: percentileDeviations(pairs),
    agreement: agreement(pairs),
    count: pairs.real.length,
  };
}

function traceInfo(matches: Matches): Record<string, number> {
  const { numMatched, numWarmUp, numUnmatchedReal, numItlDropped, numWithoutTtft } = matches;
  return {
    num_requests: numMatched + numWarmUp + numUnmatchedReal,
    warm_up_excluded: numWarmUp,
    matched_pairs: numMatched,
    token_mismatches: matches.numTokenMismatches,
    ...(numItlDropped > 0 && { itl_dropped: numItlDropped }),
    ...(numWithoutTtft > 0 && { ttft_not_measured: numWithoutTtft }),
  };
}

function metricReport({ mean, percentiles, agreement, count }: Comparison): unknown {
  const named: [string, Deviation][] = [["mean", mean], ["median", percentiles[0]!]];
  for (const [i, p] of COMPARED_PERCENTILES.entries()) named.push([`p${p}`, percentiles[i]!]);
  return {
    workload_level: Object.fromEntries(
      named.flatMap(([name, { real, sim, error, percentError }]) => [
        [`real_${name}`, real],
        [`sim_${name}`, sim],
        [`${name}_error`, error],
        [`${name}_percent_error`, percentError],
      ]),
    ),
    request_level: {
      mape: agreement.mape,
      pearson_r: agreement.pearsonR,
      bias_direction: agreement.bias,
      quality: agreement.quality,
    },
    count,
  };
}
