import { ConfigError } from "../../sim/internal/errors.ts";
import type { Random } from "../../sim/internal/random.ts";
import { plainCohort, type Servegen, SLO_CLASSES } from "./cohort.ts";
import {
  chunkIds,
  type Dataset,
  type Frequencies,
  ratioFrequencies,
  readDatasetFile,
  readDatasets,
  readTrace,
  type TraceRow,
} from "./files.ts";
import { FitSums, logNormalSpec, nearestTime, sumFits } from "./fit.ts";
import type { CohortSpec, DistributionSpec } from "../spec.ts";

const WINDOW_SECONDS = 600;
const WINDOWS_OF_A_DAY = 144;

/** One client of the measured service. */
interface Chunk {
  readonly id: string;
  /** Share of reasoning in the output → weight. */
  readonly ratios: Frequencies;
  /** Requests/s in the selected window. */
  readonly rate: number;
}

/** True if the first chunk's dataset measures the share of reasoning. */
export function isReasoning({ files, warn }: Servegen): boolean {
  const entries = attempt(() => readDatasetFile(files, chunkIds(files)[0]!), warn) ?? {};
  return Object.values(entries).some((entry) => entry.reason_ratio !== undefined);
}

/**
 * The cohorts of measured reasoning clients: the ten minutes of a day that most of them are active
 * in, its clients dealt to the SLO classes. Throws a ConfigError for data that cannot be used.
 */
export function reasoningCohorts(servegen: Servegen, rng: Random): CohortSpec[] {
  const { files, warn } = servegen;
  const ids = chunkIds(files);
  const traces = new Map(ids.map((id) => [id, attempt(() => readTrace(files, id, warn), warn)]));
  const selected = bestWindow([...traces.values()].flatMap((rows) => rows ?? []));
  const rateOf = (rows: readonly TraceRow[] | undefined) =>
    rows?.find(({ startSeconds }) => Math.trunc(startSeconds) === selected)?.rate ?? 0;
  const chunks = ids.flatMap((id): Chunk | [] => {
    const ratios = firstRatios(servegen, id);
    return ratios === undefined ? [] : { id, ratios, rate: rateOf(traces.get(id)) };
  });
  if (chunks.length === 0) throw new ConfigError(`Found no reason_ratio in ${files.folder}`);
  const ratios = meanRatios(chunks);
  let totalRate = 0;
  for (const rows of traces.values()) totalRate += rateOf(rows);
  if (totalRate <= 0) throw new ConfigError(`Found no request at ${selected} s in ${files.folder}`);
  rng.shuffle(chunks);
  const cohorts = SLO_CLASSES.map((sloClass, c) => ({
    sloClass,
    members: chunks.filter((_, k) => k % SLO_CLASSES.length === c),
  })).filter(({ members }) => members.length > 0)
    .sort((a, b) => a.sloClass < b.sloClass ? -1 : 1)
    .flatMap(({ sloClass, members }) =>
      cohortOf(servegen, { sloClass, members, selected, ratios }) ?? []
    );
  if (cohorts.length > 0) return cohorts;
  throw new ConfigError(`Found no usable cohort in ${files.folder}`);
}

/** Start in s of the ten minutes with the most active rows. */
function bestWindow(rows: readonly TraceRow[]): number {
  const counts = new Array<number>(WINDOWS_OF_A_DAY).fill(0);
  for (const { startSeconds, rate } of rows) {
    const i = Math.trunc(startSeconds / WINDOW_SECONDS);
    if (rate > 0 && i >= 0 && i < WINDOWS_OF_A_DAY) counts[i]!++;
  }
  const most = Math.max(...counts);
  if (most > 0) return WINDOW_SECONDS * counts.indexOf(most);
  throw new ConfigError("Found no trace with a request in the first day");
}

/** The ratios of the first entry, by the text of its time, that has usable ones. */
function firstRatios({ files, warn }: Servegen, id: string): Frequencies | undefined {
  const entries = attempt(() => readDatasetFile(files, id), warn) ?? {};
  for (const key of Object.keys(entries).sort((a, b) => a < b ? -1 : 1)) {
    const ratios = ratioFrequencies(entries[key]!);
    if (ratios !== undefined) return ratios;
  }
  warn(`Left out chunk ${id}: it has no reason_ratio`);
  return undefined;
}

/** Mean frequency of each whole percentage over the chunks. */
function meanRatios(chunks: readonly Chunk[]): DistributionSpec {
  const sums = new Map<number, number>();
  for (const { ratios } of chunks) {
    for (const [ratio, p] of [...ratios].sort(([a], [b]) => a - b)) {
      const percent = Math.min(100, Math.max(0, Math.trunc(ratio * 100)));
      sums.set(percent, (sums.get(percent) ?? 0) + p);
    }
  }
  const params = Object.fromEntries([...sums].map(([k, sum]) => [k, sum / chunks.length]));
  return { type: "empirical", params, file: "" };
}

/** Undefined if its chunks send nothing or no lengths were measured. */
function cohortOf(servegen: Servegen, group: {
  readonly sloClass: string;
  readonly members: readonly Chunk[];
  readonly selected: number;
  readonly ratios: DistributionSpec;
}): CohortSpec | undefined {
  const { sloClass, members } = group;
  const id = `reasoning-${sloClass}`;
  let traceRate = 0;
  for (const { rate } of members) traceRate += rate;
  if (traceRate <= 0) {
    servegen.warn(`Left out cohort ${id}: its rate is 0`);
    return undefined;
  }
  const lengths = meanLengths(servegen, members, group.selected);
  if (lengths === undefined) {
    servegen.warn(`Left out cohort ${id}: no lengths were measured`);
    return undefined;
  }
  return {
    ...plainCohort(id, sloClass, members.length),
    arrival: { process: "poisson" },
    ...lengths,
    reasoning: {
      reasonRatioDistribution: group.ratios,
      multiTurn: { maxRounds: 1, thinkTimeUs: 0, contextGrowth: "", singleSession: false },
    },
    closedLoop: false,
    spike: { startTimeUs: 0, durationUs: servegen.windowSeconds * 1e6, traceRate },
  };
}

function meanLengths({ files, warn }: Servegen, members: readonly Chunk[], selected: number) {
  const input = new FitSums();
  const output = new FitSums();
  for (const { id } of members) {
    const datasets: ReadonlyMap<number, Dataset> = attempt(() =>
      readDatasets(files, id, warn), warn) ?? new Map();
    const time = nearestTime(datasets, selected);
    if (time === undefined) continue;
    const sums = sumFits(datasets, time);
    if (sums.input.count === 0 || sums.output.count === 0) continue;
    input.add(sums.input.mean());
    output.add(sums.output.mean());
  }
  if (output.count === 0) return undefined;
  return {
    inputDistribution: logNormalSpec(input.mean()),
    outputDistribution: logNormalSpec(output.mean()),
  };
}

/** The result of an action on a file; undefined, with a warning, if that cannot be read. */
function attempt<T>(action: () => T, warn: (message: string) => void): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    warn(error.message);
    return undefined;
  }
}
