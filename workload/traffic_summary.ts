import { type Distribution, distributionOf, mean, percentile } from "../sim/distribution.ts";
import type { Request } from "../sim/request.ts";
import { sharedBlockId } from "../sim/shared_block.ts";

const MAX_SLICES = 20;
/** Fewer requests in a slice of time would show nothing but chance. */
const REQUESTS_PER_SLICE = 10;
const MAX_BINS = 10;
/** Tokens of a KV block in vLLM: content is recognised block by block. */
const BLOCK_SIZE = 16;

/** Some lengths in tokens. */
export interface LengthSummary {
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** Bins of equal width up to about p99, and one for what lies beyond; `to` is exclusive. */
  readonly histogram: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
  }[];
}

/** Requests per second in a stretch of time. */
export interface RateSlice {
  readonly fromUs: number;
  readonly toUs: number;
  readonly ratePerSecond: number;
}

/** The requests that have a label in common. */
export interface Share {
  /** The label; "" = none. */
  readonly name: string;
  readonly numRequests: number;
}

/** The requests of one client. */
export interface ClientShare extends Share {
  readonly sloClass: string;
  readonly meanPromptTokens: number;
  readonly meanOutputTokens: number;
}

/** What some requests look like. */
export interface TrafficSummary {
  readonly numRequests: number;
  /** The stretch of time that they fill, from 0. */
  readonly durationUs: number;
  /** Standard deviation of the gaps between them over their mean: about 1 for poisson, 0 if even. */
  readonly gapCv: number;
  readonly totalPromptTokens: number;
  readonly totalOutputTokens: number;
  readonly rates: readonly RateSlice[];
  readonly prompt: LengthSummary;
  readonly output: LengthSummary;
  /** Prompt tokens that are the prefix of a group. */
  readonly prefixTokens: number;
  /** Prompt tokens in KV blocks that an earlier request had, too: the most that caching can save. */
  readonly repeatedTokens: number;
  readonly numSessions: number;
  readonly maxRounds: number;
  /** Requests that belong to a session. */
  readonly numSessionRequests: number;
  /** Most requests first. */
  readonly clients: readonly ClientShare[];
  readonly sloClasses: readonly Share[];
  readonly tenants: readonly Share[];
}

/**
 * Summarizes requests in the order of their arrival. `untilUs` is the end of the time that they
 * fill, Infinity = that of the last arrival.
 */
export function summarizeTraffic(requests: Iterable<Request>, untilUs: number): TrafficSummary {
  const sums = new TrafficSums();
  for (const request of requests) sums.add(request);
  return sums.summary(untilUs);
}

class TrafficSums {
  readonly #arrivals: number[] = [];
  readonly #prompts: number[] = [];
  readonly #outputs: number[] = [];
  readonly #clients = new Groups();
  readonly #sloClasses = new Groups();
  readonly #tenants = new Groups();
  readonly #rounds = new Map<string, number>();
  readonly #repeats = new Repeats();
  #prefixTokens = 0;
  #repeatedTokens = 0;

  add(request: Request): void {
    const { labels, sessionId } = request;
    this.#arrivals.push(request.arrivalUs);
    this.#prompts.push(request.promptTokens);
    this.#outputs.push(request.outputTokens);
    this.#clients.add(labels.clientId, request);
    this.#sloClasses.add(labels.sloClass, request);
    this.#tenants.add(labels.tenantId, request);
    if (sessionId !== "") this.#rounds.set(sessionId, (this.#rounds.get(sessionId) ?? 0) + 1);
    this.#prefixTokens += request.prefixTokens;
    this.#repeatedTokens += this.#repeats.add(request);
  }

  summary(untilUs: number): TrafficSummary {
    const arrivals = this.#arrivals;
    const durationUs = Number.isFinite(untilUs) ? untilUs : arrivals.at(-1) ?? 0;
    const prompt = distributionOf(Float64Array.from(this.#prompts));
    const output = distributionOf(Float64Array.from(this.#outputs));
    return {
      numRequests: arrivals.length,
      durationUs,
      gapCv: gapCv(arrivals),
      totalPromptTokens: prompt.sum,
      totalOutputTokens: output.sum,
      rates: rateSlices(arrivals, durationUs),
      prompt: lengthSummary(prompt),
      output: lengthSummary(output),
      prefixTokens: this.#prefixTokens,
      repeatedTokens: this.#repeatedTokens,
      ...sessionSummary(this.#rounds),
      clients: this.#clients.sorted(),
      sloClasses: this.#sloClasses.sorted(),
      tenants: this.#tenants.sorted(),
    };
  }
}

function sessionSummary(rounds: ReadonlyMap<string, number>) {
  let numSessionRequests = 0;
  let maxRounds = 0;
  for (const count of rounds.values()) {
    numSessionRequests += count;
    maxRounds = Math.max(maxRounds, count);
  }
  return { numSessions: rounds.size, maxRounds, numSessionRequests };
}

/** Finds prompt tokens that came before, as a cache would that never forgets. */
class Repeats {
  readonly #seen = new Set<number>();

  /** The leading prompt tokens of `request` that an earlier one had. */
  add(request: Request): number {
    const { promptTokens, outputTokens } = request;
    const numPromptBlocks = Math.floor(promptTokens / BLOCK_SIZE);
    const numBlocks = Math.floor((promptTokens + outputTokens) / BLOCK_SIZE);
    let numRepeated = 0;
    for (let i = 0; i < numBlocks; i++) {
      const id = sharedBlockId(request, i, BLOCK_SIZE);
      if (id === 0) break;
      if (i < numPromptBlocks && i === numRepeated && this.#seen.has(id)) numRepeated++;
      this.#seen.add(id);
    }
    return numRepeated * BLOCK_SIZE;
  }
}

/** Counts requests by a label. */
class Groups {
  readonly #groups = new Map<
    string,
    { sloClass: string; count: number; prompt: number; output: number }
  >();

  add(name: string, { labels, promptTokens, outputTokens }: Request): void {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { sloClass: labels.sloClass, count: 0, prompt: 0, output: 0 };
      this.#groups.set(name, group);
    }
    group.count++;
    group.prompt += promptTokens;
    group.output += outputTokens;
  }

  sorted(): ClientShare[] {
    return [...this.#groups].map(([name, { sloClass, count, prompt, output }]) => ({
      name,
      sloClass,
      numRequests: count,
      meanPromptTokens: prompt / count,
      meanOutputTokens: output / count,
    })).sort((a, b) => b.numRequests - a.numRequests || (a.name < b.name ? -1 : 1));
  }
}

function gapCv(arrivals: readonly number[]): number {
  if (arrivals.length < 3) return 0;
  const mean = (arrivals.at(-1)! - arrivals[0]!) / (arrivals.length - 1);
  let squares = 0;
  for (let i = 1; i < arrivals.length; i++) {
    const deviation = arrivals[i]! - arrivals[i - 1]! - mean;
    squares += deviation * deviation;
  }
  return mean === 0 ? 0 : Math.sqrt(squares / (arrivals.length - 1)) / mean;
}

/** Cuts the time into equal slices; the last one has the last arrival in it. */
function rateSlices(arrivals: readonly number[], durationUs: number): RateSlice[] {
  if (durationUs === 0) return [];
  const numSlices = Math.max(
    1,
    Math.min(MAX_SLICES, Math.floor(arrivals.length / REQUESTS_PER_SLICE)),
  );
  const counts = new Array<number>(numSlices).fill(0);
  for (const timeUs of arrivals) {
    const slice = Math.floor((timeUs / durationUs) * numSlices);
    counts[Math.min(numSlices - 1, slice)]!++;
  }
  const sliceUs = durationUs / numSlices;
  return counts.map((count, i) => ({
    fromUs: i * sliceUs,
    toUs: (i + 1) * sliceUs,
    ratePerSecond: count / (sliceUs / 1e6),
  }));
}

function lengthSummary(lengths: Distribution): LengthSummary {
  const { count } = lengths;
  const p99 = percentile(lengths, 99);
  return {
    mean: mean(lengths),
    min: count === 0 ? 0 : lengths.at(0),
    p50: percentile(lengths, 50),
    p90: percentile(lengths, 90),
    p99,
    max: count === 0 ? 0 : lengths.at(count - 1),
    histogram: histogram(lengths, p99),
  };
}

function histogram(lengths: Distribution, p99: number): LengthSummary["histogram"] {
  if (lengths.count === 0) return [];
  const [min, max] = [lengths.at(0), lengths.at(lengths.count - 1)];
  const width = roundWidth((p99 - min + 1) / MAX_BINS);
  const first = Math.floor(min / width);
  const numBins = Math.floor(p99 / width) - first + 1;
  const bins = Array.from({ length: numBins }, (_, i) => {
    return { from: (first + i) * width, to: (first + i + 1) * width, count: 0 };
  });
  const { to } = bins[numBins - 1]!;
  if (max >= to) bins.push({ from: to, to: max + 1, count: 0 });
  for (let k = 0; k < lengths.count; k++) {
    const bin = Math.floor(lengths.at(k) / width) - first;
    bins[Math.min(bin, bins.length - 1)]!.count++;
  }
  return bins;
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that is not below `width`. */
function roundWidth(width: number): number {
  for (let unit = 1;; unit *= 10) {
    for (const factor of [1, 2, 5]) if (factor * unit >= width) return factor * unit;
  }
}
