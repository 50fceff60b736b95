import { ConfigError } from "../../sim/internal/errors.ts";
import { ln } from "../../sim/internal/float.ts";
import type { Dataset, Frequencies } from "./files.ts";
import type { DistributionSpec } from "../spec.ts";

const DAY_SECONDS = 86400;
/** A variance this little below 0 is a rounding error. */
const ROUNDING = -1e-10;

/** A log-normal distribution of lengths. */
export interface LogNormal {
  readonly mu: number;
  readonly sigma: number;
}

/** The log-normal with the mean and variance of the measured logarithms. Throws a ConfigError. */
export function fitLogNormal(frequencies: Frequencies): LogNormal {
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (const [length, p] of [...frequencies].sort(([a], [b]) => a - b)) {
    if (length <= 0 || p === 0) continue;
    if (p < 0) throw new ConfigError(`Found the negative frequency ${p} for length ${length}`);
    const log = ln(length);
    weight += p;
    sum += p * log;
    squares += (p * log) * log;
  }
  if (weight <= 0) throw new ConfigError("Found no length with a frequency above 0");
  const mu = sum / weight;
  const variance = squares / weight - mu * mu;
  if (variance < 0 && variance <= ROUNDING) {
    throw new ConfigError(`Found the negative variance ${variance} of the lengths`);
  }
  return { mu, sigma: Math.sqrt(Math.max(0, variance)) };
}

/** The time of the datasets that holds at `seconds`: the latest one up to then; undefined if none. */
export function nearestTime(
  datasets: ReadonlyMap<number, Dataset>,
  seconds: number,
): number | undefined {
  if (datasets.has(seconds)) return seconds;
  let nearest: number | undefined;
  for (const time of datasets.keys()) if (time >= 0 && time <= seconds) nearest = time;
  return nearest;
}

/** Sums of fitted parameters, and of how many fits they are. */
export class FitSums {
  mu = 0;
  sigma = 0;
  count = 0;

  add({ mu, sigma }: LogNormal, count = 1): void {
    this.mu += mu;
    this.sigma += sigma;
    this.count += count;
  }

  /** The mean distribution; `count` where that is not the number of fits. */
  mean(count = this.count): LogNormal {
    return { mu: this.mu / count, sigma: this.sigma / count };
  }
}

/** The fits of a chunk's datasets at one time of day over all days; lengths that fit nothing are left out. */
export function sumFits(
  datasets: ReadonlyMap<number, Dataset>,
  seconds: number,
): { readonly input: FitSums; readonly output: FitSums } {
  const sums = { input: new FitSums(), output: new FitSums() };
  for (const [time, dataset] of datasets) {
    if (time % DAY_SECONDS !== seconds % DAY_SECONDS) continue;
    addFit(sums.input, dataset.input);
    addFit(sums.output, dataset.output);
  }
  return sums;
}

function addFit(sums: FitSums, frequencies: Frequencies): void {
  try {
    sums.add(fitLogNormal(frequencies));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
}

/** A log-normal as a spec states it. */
export function logNormalSpec({ mu, sigma }: LogNormal): DistributionSpec {
  return { type: "lognormal", params: { mu, sigma }, file: "" };
}
