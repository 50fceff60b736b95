import { type Distribution, mean, percentile } from "../sim/distribution.ts";
import { toFixedEven } from "../sim/internal/number_format.ts";
import type { SessionTimes } from "./session_times.ts";

/** A titled section of the printed text. */
export function section(title: string, lines: readonly string[]): string {
  return `=== ${title} ===\n${lines.join("\n")}\n`;
}

/** How sessions fared, be they simulated or observed. */
export function sessionSection(times: SessionTimes): string {
  return section("Session Metrics", [
    `  Sessions: ${times.numSessions}`,
    ...timesLine("TTFT cold (round 0):", times.coldTtft),
    ...timesLine("TTFT warm (round≥1):", times.warmTtft),
    ...timesLine("Session duration:   ", times.duration),
  ]);
}

function timesLine(name: string, values: Distribution): string[] {
  if (values.count === 0) return [];
  const percentiles = [50, 95, 99].map((p) => `p${p}=${toFixedEven(percentile(values, p), 2)}`);
  return [
    `  ${name} mean=${toFixedEven(mean(values), 2)} ${
      percentiles.join(" ")
    } ms (n=${values.count})`,
  ];
}
