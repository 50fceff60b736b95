/** Observed and simulated values of the same requests, in the same order. */
export interface Pairs {
  readonly real: readonly number[];
  readonly sim: readonly number[];
}

/** How a statistic of the simulated values differs from that of the observed ones. */
export interface Deviation {
  readonly real: number;
  readonly sim: number;
  /** Simulated minus observed. */
  readonly error: number;
  /** Size of the error as a share of the observed value; 0 if that is not positive. */
  readonly percentError: number;
}

/** Whether the simulation gives more or less than was observed; "" if there is nothing to tell by. */
export type Bias = "over-predict" | "under-predict" | "neutral" | "";
/** One word for how well two lists of latencies agree. */
export type Quality = "excellent" | "good" | "fair" | "poor";

/** How pairs agree, request by request. */
export interface Agreement {
  /** Mean absolute error as a share of the observed value, over the values that are not 0. */
  readonly mape: number;
  /** Pearson's correlation in [-1, 1]; 0 for fewer than three pairs or if it is not defined. */
  readonly pearsonR: number;
  readonly bias: Bias;
  readonly quality: Quality;
}

/** Percentiles that are compared. */
export const COMPARED_PERCENTILES = [50, 90, 95, 99] as const;

/** The means of at least one pair. */
export function meanDeviation({ real, sim }: Pairs): Deviation {
  return deviation(meanOf(real), meanOf(sim));
}

/** The deviations at COMPARED_PERCENTILES, of at least one pair. */
export function percentileDeviations({ real, sim }: Pairs): Deviation[] {
  const realAscending = Float64Array.from(real).sort();
  const simAscending = Float64Array.from(sim).sort();
  return COMPARED_PERCENTILES.map((p) =>
    deviation(percentileOf(realAscending, p), percentileOf(simAscending, p))
  );
}

/** How pairs agree, request by request. */
export function agreement(pairs: Pairs): Agreement {
  const { mape, bias } = relativeErrors(pairs);
  const pearsonR = pearson(pairs);
  return { mape, pearsonR, bias, quality: qualityOf(mape, pearsonR) };
}

function deviation(real: number, sim: number): Deviation {
  const error = sim - real;
  return { real, sim, error, percentError: real > 0 ? Math.abs(error) / real : 0 };
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Linear between the two nearest ranks. */
function percentileOf(ascending: Float64Array, p: number): number {
  const rank = p / 100 * (ascending.length - 1);
  const low = Math.floor(rank);
  const high = Math.ceil(rank);
  const value = ascending[low]!;
  return low === high ? value : value + (rank - low) * (ascending[high]! - value);
}

function relativeErrors({ real, sim }: Pairs): { readonly mape: number; readonly bias: Bias } {
  let sum = 0;
  let signed = 0;
  let count = 0;
  for (const [i, observed] of real.entries()) {
    if (observed === 0) continue;
    const error = sim[i]! - observed;
    sum += Math.abs(error) / observed;
    signed += error;
    count++;
  }
  if (count === 0) return { mape: 0, bias: "" };
  const bias = signed > 0 ? "over-predict" : signed < 0 ? "under-predict" : "neutral";
  return { mape: sum / count, bias };
}

/** From plain sums, so that the digits are those of the reference. */
function pearson({ real, sim }: Pairs): number {
  const n = real.length;
  if (n < 3) return 0;
  let sumR = 0, sumS = 0, sumRs = 0, sumRr = 0, sumSs = 0;
  for (const [i, r] of real.entries()) {
    const s = sim[i]!;
    sumR += r;
    sumS += s;
    sumRs += r * s;
    sumRr += r * r;
    sumSs += s * s;
  }
  const root = Math.sqrt((n * sumRr - sumR * sumR) * (n * sumSs - sumS * sumS));
  return root > 0 ? (n * sumRs - sumR * sumS) / root : 0;
}

function qualityOf(mape: number, r: number): Quality {
  if (mape < 0.1 && r > 0.95) return "excellent";
  if (mape < 0.2 && r > 0.85) return "good";
  return mape < 0.35 && r > 0.7 ? "fair" : "poor";
}
