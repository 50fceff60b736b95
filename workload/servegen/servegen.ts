import { ConfigError } from "../../sim/internal/errors.ts";
import { Random } from "../../sim/internal/random.ts";
import type { Servegen } from "./cohort.ts";
import type { ServegenFiles } from "./files.ts";
import { languageCohorts } from "./language.ts";
import { isReasoning, reasoningCohorts } from "./reasoning.ts";
import type { CohortSpec, WorkloadSpec } from "../spec.ts";
import { checkSpec } from "../spec_file.ts";

export type { ServegenFiles };

/** The parts of a day that a language workload is made of. */
export const PERIOD_NAMES = ["midnight", "morning", "afternoon"] as const;

const CONVERT_SEED = 42n;
const DEFAULT_WINDOW_SECONDS = 600;
const DEFAULT_DRAIN_SECONDS = 180;

/** A spec made from files, and what was left out of them. */
export interface Conversion {
  readonly spec: WorkloadSpec;
  readonly warnings: readonly string[];
}

/** How long a period of a converted workload lasts, and the pause after it. */
export interface PeriodLengths {
  readonly windowSeconds: number;
  readonly drainSeconds: number;
}

/**
 * The workload that ServeGen data describe. Throws a ConfigError for data that cannot be used.
 * Source: ServeGen (Y. Xiang et al., 2025), its client decomposition.
 */
export function servegenToSpec(files: ServegenFiles, lengths: PeriodLengths): Conversion {
  const warnings = new Set<string>();
  const { category, cohorts } = convert(files, lengths, CONVERT_SEED, warnings);
  const spec: WorkloadSpec = {
    version: "2",
    seed: CONVERT_SEED,
    category,
    clients: [],
    cohorts,
    aggregateRate: 0,
    horizonUs: 0,
    numRequests: 0,
  };
  return { spec, warnings: [...warnings] };
}

/** The cohorts of one period of a converted language workload. Throws a ConfigError if it has none. */
export function onlyPeriod(
  spec: WorkloadSpec,
  period: typeof PERIOD_NAMES[number],
): WorkloadSpec {
  if (spec.category === "reasoning") {
    throw new ConfigError("Cannot pick a period: reasoning data are converted as one");
  }
  const cohorts = spec.cohorts.filter(({ id }) => id.startsWith(`${period}-`));
  if (cohorts.length > 0) return { ...spec, cohorts };
  throw new ConfigError(`Found no cohort in the ${period}`);
}

/**
 * Puts the cohorts of a spec's servegen_data in its place. `open` gives the files of a folder.
 * Beside clients or cohorts of its own the data have no effect.
 */
export function expandServegen(
  spec: WorkloadSpec,
  open: (path: string) => ServegenFiles,
): Conversion {
  const { servegenData, ...rest } = spec;
  if (servegenData === undefined) return { spec, warnings: [] };
  if (spec.clients.length + spec.cohorts.length > 0) {
    return { spec: rest, warnings: ["servegen_data has no effect beside cohorts"] };
  }
  const { path, windowDurationSecs, drainTimeoutSecs } = servegenData;
  const warnings = new Set<string>();
  const lengths = {
    windowSeconds: windowDurationSecs > 0 ? windowDurationSecs : DEFAULT_WINDOW_SECONDS,
    drainSeconds: drainTimeoutSecs >= 0 ? drainTimeoutSecs : DEFAULT_DRAIN_SECONDS,
  };
  const { category, cohorts } = convert(open(path), lengths, spec.seed, warnings);
  const expanded: WorkloadSpec = {
    ...rest,
    category: category === "" ? spec.category : category,
    cohorts,
    aggregateRate: 0,
  };
  checkSpec(expanded, `the workload made from ${path}`);
  return { spec: expanded, warnings: [...warnings] };
}

function convert(
  files: ServegenFiles,
  lengths: PeriodLengths,
  seed: bigint,
  warnings: Set<string>,
): { readonly category: "" | "reasoning"; readonly cohorts: readonly CohortSpec[] } {
  const servegen: Servegen = { files, ...lengths, warn: (message) => warnings.add(message) };
  const rng = new Random(seed);
  return isReasoning(servegen)
    ? { category: "reasoning", cohorts: reasoningCohorts(servegen, rng) }
    : { category: "", cohorts: languageCohorts(servegen, rng) };
}
