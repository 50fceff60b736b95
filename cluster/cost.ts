/** What a GPU costs and draws. */
export interface GpuPrice {
  /** USD per hour; NaN = unknown. */
  readonly usdPerHour: number;
  /** Thermal design power in watts; NaN = unknown. */
  readonly tdpWatts: number;
}

/** What a deployment did with its time. */
export interface CostedRun {
  readonly numGpus: number;
  readonly durationS: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Requests that kept their SLOs. */
  readonly numGood: number;
  /** Part of the time in which the GPUs were busy, in [0, 1]. */
  readonly utilisation: number;
}

/** What an amount is spent on; NaN where there is nothing to divide by, or no price. */
export interface UnitCosts {
  readonly perHour: number;
  /** As if all was spent on the input tokens alone. */
  readonly perMillionInputTokens: number;
  /** As if all was spent on the output tokens alone. */
  readonly perMillionOutputTokens: number;
  readonly perMillionTokens: number;
  readonly perThousandGood: number;
}

const SECONDS_PER_HOUR = 3600;

/** Price of a run in USD. */
export function costOf(run: CostedRun, { usdPerHour }: GpuPrice): UnitCosts {
  return unitCosts(run, run.numGpus * usdPerHour);
}

/** Energy of a run in Wh, an estimate: a GPU draws its TDP while it is busy, and nothing else. */
export function energyOf(run: CostedRun, { tdpWatts }: GpuPrice): UnitCosts {
  return unitCosts(run, run.numGpus * tdpWatts * run.utilisation);
}

function unitCosts(run: CostedRun, perHour: number): UnitCosts {
  const total = perHour * run.durationS / SECONDS_PER_HOUR;
  const per = (count: number, unit: number) => count === 0 ? NaN : total / count * unit;
  return {
    perHour,
    perMillionInputTokens: per(run.inputTokens, 1e6),
    perMillionOutputTokens: per(run.outputTokens, 1e6),
    perMillionTokens: per(run.inputTokens + run.outputTokens, 1e6),
    perThousandGood: per(run.numGood, 1000),
  };
}
