import { ConfigError } from "../../sim/internal/errors.ts";
import type { Random } from "../../sim/internal/random.ts";
import { plainCohort, type Servegen, SLO_CLASSES } from "./cohort.ts";
import { chunkIds, type Dataset, readDatasets, readTrace, type TraceRow } from "./files.ts";
import { fitLogNormal, FitSums, logNormalSpec, nearestTime, sumFits } from "./fit.ts";
import type { CohortSpec, DistributionSpec } from "../spec.ts";

const DAY_SECONDS = 86400;
const WINDOW_SECONDS = 600;

/** The parts of a day that are replayed one after another: their names and where they are taken from. */
const PERIODS = [
  { name: "midnight", sourceSeconds: 0 },
  { name: "morning", sourceSeconds: 28800 },
  { name: "afternoon", sourceSeconds: 50400 },
] as const;

/** One client of the measured service. */
interface Chunk {
  readonly datasets: ReadonlyMap<number, Dataset>;
  readonly windows: readonly ChunkWindow[];
}

/** Ten minutes in which a chunk is active. */
interface ChunkWindow {
  readonly timeOfDay: number;
  readonly rate: number;
  readonly process: "gamma" | "weibull" | "poisson";
  /** Undefined where there is none, as are shape and scale. */
  readonly cv: number | undefined;
  readonly shape: number | undefined;
  readonly scaleUs: number | undefined;
}

/** Chunks at one time of day, which become one cohort. */
interface Group {
  readonly id: string;
  readonly sloClass: string;
  readonly selectedSeconds: number;
  readonly startSeconds: number;
  readonly chunks: readonly Chunk[];
}

/**
 * The cohorts of measured language clients: three periods of a day, each with its clients dealt to
 * the SLO classes. Throws a ConfigError for data that cannot be used.
 */
export function languageCohorts(servegen: Servegen, rng: Random): CohortSpec[] {
  const { files, windowSeconds, warn } = servegen;
  const chunks = chunkIds(files).map((id) => readChunk(servegen, id))
    .filter(({ windows }) => windows.length > 0);
  if (chunks.length === 0) throw new ConfigError(`Found no usable chunk in ${files.folder}`);
  const cohorts = groupChunks(chunks, servegen, rng).flatMap((group) => {
    const cohort = cohortOf(group, windowSeconds);
    if (cohort === undefined) warn(`Left out cohort ${group.id}: its rate is 0`);
    return cohort ?? [];
  });
  if (cohorts.length > 0) return cohorts;
  throw new ConfigError(`Found no active chunk in ${files.folder}`);
}

function readChunk({ files, warn }: Servegen, id: string): Chunk {
  const rows = readTrace(files, id, warn);
  const datasets = readDatasets(files, id, warn);
  const windows = rows.flatMap((row) => {
    const time = row.rate > 0 ? nearestTime(datasets, Math.trunc(row.startSeconds)) : undefined;
    if (time === undefined) return [];
    const { input, output } = datasets.get(time)!;
    fitLogNormal(input);
    fitLogNormal(output);
    return windowOf(row);
  });
  return { datasets, windows };
}

function windowOf(row: TraceRow): ChunkWindow {
  const { rate, cv, pattern, shape, scaleSeconds } = row;
  const startSeconds = Math.floor(Math.trunc(row.startSeconds * 1e6) / 1e6);
  const timeOfDay = startSeconds % DAY_SECONDS;
  if (pattern !== "gamma" && pattern !== "weibull") {
    const none = { cv: undefined, shape: undefined, scaleUs: undefined };
    return { timeOfDay, rate, process: "poisson", ...none };
  }
  const hasShape = shape > 0 && scaleSeconds > 0;
  return {
    timeOfDay,
    rate,
    process: pattern,
    cv: cv > 0 ? cv : undefined,
    shape: hasShape ? shape : undefined,
    scaleUs: hasShape ? scaleSeconds * 1e6 : undefined,
  };
}

/** Deals the chunks of each period to the SLO classes; groups by period and name of the class. */
function groupChunks(chunks: readonly Chunk[], servegen: Servegen, rng: Random): Group[] {
  const { windowSeconds, drainSeconds } = servegen;
  const selected = PERIODS.map(({ sourceSeconds }) => sourceSeconds + WINDOW_SECONDS * rng.intn(3));
  return PERIODS.flatMap(({ name }, p) => {
    const selectedSeconds = selected[p]!;
    const members = chunks.filter(({ windows }) =>
      windows.some((window) => window.timeOfDay === selectedSeconds)
    );
    rng.shuffle(members);
    return SLO_CLASSES.map((sloClass, c) => ({
      id: `${name}-${sloClass}`,
      sloClass,
      selectedSeconds,
      startSeconds: p * (windowSeconds + drainSeconds),
      chunks: members.filter((_, k) => k % SLO_CLASSES.length === c),
    })).filter((group) => group.chunks.length > 0)
      .sort((a, b) => a.sloClass < b.sloClass ? -1 : 1);
  });
}

/** Undefined if the chunks of a group send nothing. */
function cohortOf(group: Group, windowSeconds: number): CohortSpec | undefined {
  const { chunks, selectedSeconds, startSeconds } = group;
  let rate = 0;
  for (const chunk of chunks) rate += rateAt(chunk, selectedSeconds);
  if (rate <= 0) return undefined;
  return {
    ...plainCohort(group.id, group.sloClass, chunks.length),
    arrival: meanArrival(chunks, selectedSeconds),
    ...meanLengths(chunks, selectedSeconds),
    spike: {
      startTimeUs: startSeconds * 1e6,
      durationUs: windowSeconds * 1e6,
      traceRate: rate,
    },
  };
}

function rateAt({ datasets, windows }: Chunk, seconds: number): number {
  if (nearestTime(datasets, seconds) === undefined) return 0;
  let sum = 0;
  let count = 0;
  for (const { timeOfDay, rate } of windows) {
    if (timeOfDay !== seconds) continue;
    sum += rate;
    count++;
  }
  return sum / count;
}

function meanLengths(
  chunks: readonly Chunk[],
  seconds: number,
): { readonly inputDistribution: DistributionSpec; readonly outputDistribution: DistributionSpec } {
  const input = new FitSums();
  const output = new FitSums();
  for (const { datasets } of chunks) {
    const time = nearestTime(datasets, seconds);
    if (time === undefined) continue;
    const sums = sumFits(datasets, time);
    // Both means go by the number of outputs that fit, as in the reference.
    const { count } = sums.output;
    if (count === 0) continue;
    input.add(sums.input.mean(count));
    output.add(sums.output.mean());
  }
  if (output.count === 0) {
    return { inputDistribution: gaussian(512, 128), outputDistribution: gaussian(128, 32) };
  }
  return {
    inputDistribution: logNormalSpec(input.mean()),
    outputDistribution: logNormalSpec(output.mean()),
  };
}

function gaussian(mean: number, deviation: number): DistributionSpec {
  return { type: "gaussian", params: { mean, std_dev: deviation, min: 1, max: 32768 }, file: "" };
}

/** The mean of the arrival processes; one without a parameter counts as 0, as in the reference. */
function meanArrival(chunks: readonly Chunk[], seconds: number): CohortSpec["arrival"] {
  const windows = chunks.flatMap((chunk) => chunk.windows)
    .filter(({ timeOfDay }) => timeOfDay === seconds);
  const mean = (valueOf: (window: ChunkWindow) => number | undefined) => {
    let sum = 0;
    for (const window of windows) sum += valueOf(window) ?? 0;
    return sum / windows.length;
  };
  const count = (process: string) => windows.filter((w) => w.process === process).length;
  return {
    process: count("weibull") > count("gamma") ? "weibull" : "gamma",
    cv: mean(({ cv }) => cv),
    shape: mean(({ shape }) => shape),
    scale: mean(({ scaleUs }) => scaleUs),
  };
}
