import { toFixedEven } from "../../sim/internal/number_format.ts";
import type { LatencyPairs, Matches } from "../../workload/calibration/calibrate.ts";
import type { Comparison, Comparisons } from "../../workload/calibration/report.ts";
import {
  agreement,
  COMPARED_PERCENTILES,
  type Deviation,
} from "../../workload/calibration/pair_statistics.ts";

const TITLES = { ttft: "TTFT", e2e: "E2E", itl: "ITL" } as const;
const METRICS = ["ttft", "e2e", "itl"] as const;

/** A calibration as a table for people, with the verdict as its last line. */
export function calibrationSummary(matches: Matches, comparisons: Comparisons): string {
  const lines = [
    counts(matches),
    "",
    `${"".padEnd(12)}${right("observed")}${right("simulated")}${right("error")}`,
    ...METRICS.flatMap((metric) => {
      const comparison = comparisons[metric];
      return comparison === undefined ? [] : table(TITLES[metric], comparison);
    }),
    ...groups("SLO class", matches.byClass),
    ...groups("Model", matches.byModel),
    "",
    verdict(comparisons),
  ];
  return `${lines.join("\n")}\n`;
}

function counts(matches: Matches): string {
  const parts = [
    `${matches.numMatched} requests matched`,
    count(matches.numWarmUp, "left out as warm-up"),
    count(matches.numUnmatchedReal, "of the trace without a simulated latency"),
    count(matches.numUnmatchedSim, "of the results not in the trace"),
    count(matches.numTokenMismatches, "with other lengths than simulated"),
    count(matches.numItlDropped, "without usable chunk times"),
    count(matches.numWithoutTtft, "in one piece, whose TTFT was not measured"),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function count(n: number, what: string): string {
  return n === 0 ? "" : `${n} ${what}`;
}

function table(title: string, { mean, percentiles, agreement, count }: Comparison): string[] {
  const { mape, pearsonR, bias, quality } = agreement;
  return [
    row(`${title} mean`, mean),
    ...percentiles.map((deviation, i) => row(`${title} P${COMPARED_PERCENTILES[i]}`, deviation)),
    `  ${count} requests: MAPE ${percent(mape)}, r ${toFixedEven(pearsonR, 3)}, ` +
    `${bias || "no bias to tell"}: ${quality}`,
  ];
}

function row(title: string, { real, sim, error }: Deviation): string {
  const share = real > 0 ? `${error >= 0 ? "+" : ""}${percent(error / real)}` : "";
  return `${title.padEnd(12)}${right(ms(real))}${right(ms(sim))}${right(share)}`;
}

function groups(title: string, byName: ReadonlyMap<string, LatencyPairs>): string[] {
  return [...byName].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { ttft, e2e }]) =>
    `${title} ${name}: n ${e2e.real.length}, TTFT MAPE ${percent(agreement(ttft).mape)}, ` +
    `E2E MAPE ${percent(agreement(e2e).mape)}`
  );
}

function verdict({ ttft, e2e }: Comparisons): string {
  const compared = [["E2E", e2e], ["TTFT", ttft]] as const;
  const parts = compared.flatMap(([title, comparison]) => {
    if (comparison === undefined) return [];
    const { mape, quality } = comparison.agreement;
    return `${title} ${quality}, off by ${percent(mape)} a request`;
  });
  return `Verdict: ${parts.join("; ")}`;
}

function ms(us: number): string {
  return `${toFixedEven(us / 1000, 2)} ms`;
}

/** A share with one decimal, for the tables of a calibration. */
export function percent(share: number): string {
  return `${toFixedEven(share * 100, 1)} %`;
}

function right(text: string): string {
  return text.padStart(14);
}
