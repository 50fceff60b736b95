import { ConfigError } from "../../sim/internal/errors.ts";
import type { ChunkTimes } from "../recorded/itl_file.ts";
import type { Pairs } from "./pair_statistics.ts";
import type { SimResult } from "./sim_results.ts";
import type { TraceReader } from "../recorded/trace_csv.ts";
import type { TraceRow } from "../recorded/trace_row.ts";

const BYTES_PER_TOKEN = 4;
const BITS_PER_BYTE = 8;

/** What lies between client and server, and which requests do not count. */
export interface CalibrationOptions {
  /** Requests with a smaller id are left out. */
  readonly warmUpRequests: number;
  readonly rttUs: number;
  /** Mbit/s; 0 or less = sending takes no time. */
  readonly bandwidthMbps: number;
  /** True for a trace of a real server, where an answer in one piece tells no TTFT. */
  readonly isObserved: boolean;
}

/** Pairs of latencies in µs. */
export interface LatencyPairs {
  readonly ttft: MutablePairs;
  readonly e2e: MutablePairs;
}

interface MutablePairs extends Pairs {
  readonly real: number[];
  readonly sim: number[];
}

/** Observed and simulated latencies of the same requests, and what found no partner. */
export class Matches implements LatencyPairs {
  readonly ttft = noPairs();
  readonly e2e = noPairs();
  /** Means of each request. */
  readonly itl = noPairs();
  readonly byClass = new Map<string, LatencyPairs>();
  readonly byModel = new Map<string, LatencyPairs>();
  numMatched = 0;
  numWarmUp = 0;
  numUnmatchedReal = 0;
  numUnmatchedSim = 0;
  /** Requests whose lengths differ; they count all the same. */
  numTokenMismatches = 0;
  /** Requests with chunk times that tell no latency. */
  numItlDropped = 0;
  /** Answers that came in one piece: they count for E2E only. */
  numWithoutTtft = 0;
}

/** Finds the simulated latencies of the requests of a trace. `file` names the trace in errors. */
export function matchResults(
  reader: TraceReader,
  file: string,
  results: ReadonlyMap<number, SimResult>,
  options: CalibrationOptions,
  chunkTimes?: ChunkTimes,
): Matches {
  const matches = new Matches();
  const matched = new Set<number>();
  for (let row = reader.next(); row !== undefined; row = reader.next()) {
    const result = results.get(row.requestId);
    if (row.requestId < options.warmUpRequests) matches.numWarmUp++;
    else if (result === undefined) matches.numUnmatchedReal++;
    else {
      matched.add(row.requestId);
      addLatencies(matches, row, result, options);
      if (chunkTimes !== undefined) addItl(matches, row, result, chunkTimes);
    }
  }
  matches.numUnmatchedSim = results.size - matched.size;
  checkMatches(matches, file);
  return matches;
}

function checkMatches({ numMatched, e2e }: Matches, file: string): void {
  if (numMatched === 0) {
    throw new ConfigError(`No request of ${file} is among the results`, {
      file,
      hint: "both files must count requests alike, and warm-up requests are left out",
    });
  }
  if (e2e.real.length === 0) {
    throw new ConfigError(`No request of ${file} ends after it was sent`, {
      file,
      hint: "its chunk times or its send times are wrong",
    });
  }
}

function addLatencies(
  matches: Matches,
  row: TraceRow,
  result: SimResult,
  options: CalibrationOptions,
): void {
  matches.numMatched++;
  const inputTokens = row.serverInputTokens > 0 ? row.serverInputTokens : row.inputTokens;
  if (inputTokens !== result.input_tokens || row.outputTokens !== result.output_tokens) {
    matches.numTokenMismatches++;
  }
  const realTtftUs = row.firstChunkTimeUs - row.sendTimeUs;
  const realE2eUs = row.lastChunkTimeUs - row.sendTimeUs;
  if (realTtftUs < 0 || realE2eUs < 0) {
    matches.numUnmatchedReal++;
    return;
  }
  const hasTtft = row.streaming || !options.isObserved;
  if (!hasTtft) matches.numWithoutTtft++;
  const uploadUs = transferUs(result.input_tokens, options);
  const simTtftUs = result.ttft_us + options.rttUs + uploadUs;
  const simE2eUs = result.e2e_us + options.rttUs + uploadUs +
    transferUs(result.output_tokens, options);
  for (const { ttft, e2e } of groupsOf(matches, result)) {
    if (hasTtft) addPair(ttft, realTtftUs, simTtftUs);
    addPair(e2e, realE2eUs, simE2eUs);
  }
}

function addItl(
  matches: Matches,
  { requestId }: TraceRow,
  { output_tokens: tokens, ttft_us, e2e_us }: SimResult,
  chunkTimes: ChunkTimes,
): void {
  const realUs = chunkTimes.meanGapUs(requestId);
  if (realUs === undefined) return;
  if (Number.isNaN(realUs)) matches.numItlDropped++;
  else addPair(matches.itl, realUs, tokens <= 1 ? 0 : (e2e_us - ttft_us) / (tokens - 1));
}

function transferUs(tokens: number, { bandwidthMbps }: CalibrationOptions): number {
  if (bandwidthMbps <= 0) return 0;
  return tokens * BYTES_PER_TOKEN * BITS_PER_BYTE / (bandwidthMbps * 1e6) * 1e6;
}

function groupsOf(matches: Matches, { slo_class, model }: SimResult): LatencyPairs[] {
  const groups: LatencyPairs[] = [matches];
  if (slo_class !== "") groups.push(groupOf(matches.byClass, slo_class));
  if (model !== "") groups.push(groupOf(matches.byModel, model));
  return groups;
}

function groupOf(groups: Map<string, LatencyPairs>, name: string): LatencyPairs {
  let group = groups.get(name);
  if (group === undefined) groups.set(name, group = { ttft: noPairs(), e2e: noPairs() });
  return group;
}

function addPair({ real, sim }: MutablePairs, realUs: number, simUs: number): void {
  real.push(realUs);
  sim.push(simUs);
}

function noPairs(): MutablePairs {
  return { real: [], sim: [] };
}
