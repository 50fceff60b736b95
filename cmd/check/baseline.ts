import { z } from "zod";
import { ConfigError } from "../../sim/internal/errors.ts";

/** A metric that was better in an earlier run. */
export interface Comparison {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** How much worse it became, as a part of what it was; < 0 = better. */
  readonly regress: number;
  /** The worst value that still holds. */
  readonly limit: number;
  readonly holds: boolean;
}

/** Metrics that are compared, and whether less of them is better. */
const COMPARED: readonly (readonly [name: string, isLessBetter: boolean])[] = [
  ...["ttft", "itl", "e2e"].flatMap((latency) =>
    ["mean", "p90", "p95", "p99"].map((statistic) => [`${latency}_${statistic}_ms`, true] as const)
  ),
  ["responses_per_sec", false],
  ["tokens_per_sec", false],
];

const baseline = z.looseObject({ metrics: z.record(z.string(), z.unknown()) });

/** Metrics of a file that `blis check` or `blis run` printed with `--output json`. */
export function readBaseline(text: string, file: string): Record<string, number> {
  const parsed = baseline.safeParse(parseJson(text));
  const metrics = Object.entries(parsed.data?.metrics ?? {})
    .flatMap(([name, value]) => typeof value === "number" ? [[name, value] as const] : []);
  const compared = metrics.filter(([name]) => COMPARED.some(([other]) => other === name));
  if (compared.length === 0) {
    throw new ConfigError(`Cannot read ${file} as a baseline: it has no metrics`, {
      file,
      hint: "give a file that holds what --output json printed",
    });
  }
  if (compared.every(([, value]) => value === 0)) {
    throw new ConfigError(`Cannot compare with ${file}: its latencies and rates are all 0`, {
      file,
      hint: "give the result of a run that completed requests",
    });
  }
  return Object.fromEntries(metrics);
}

/** Metrics that are left out of a comparison, since the earlier run has 0 or nothing for them. */
export function leftOut(comparisons: readonly Comparison[]): string[] {
  const names = comparisons.map(({ name }) => name);
  return COMPARED.map(([name]) => name).filter((name) => !names.includes(name));
}

/** Compares what both runs have; `maxRegress` is the part by which a metric may become worse. */
export function compare(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
  maxRegress: number,
): Comparison[] {
  return COMPARED.flatMap(([name, isLessBetter]) => {
    const old = before[name];
    const value = now[name];
    if (old === undefined || value === undefined || old === 0) return [];
    const change = value / old - 1;
    const regress = isLessBetter ? change : -change;
    const limit = old * (isLessBetter ? 1 + maxRegress : 1 - maxRegress);
    return [{ name, before: old, now: value, regress, limit, holds: regress <= maxRegress }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
