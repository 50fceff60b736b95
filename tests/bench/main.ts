// deno-lint-ignore-file no-console -- a developer's table
/**
 * Times whole processes, then the hot structures one by one:
 *
 *     deno task bench [--only TEXT] [--runs N] [--large] [--week] [--json] [--compare COMMAND]
 *
 * `--compare` takes the command of another simulator that knows the same flags, up to `run`; both
 * run in alternation, and only the whole processes are timed.
 */
import { parseArgs } from "node:util";
import { nsPerOperation } from "./loop.ts";
import { microBenches } from "./micro.ts";
import { measure, type Usage } from "./process.ts";
import { type Scenario, scenarios, weekParts } from "./scenarios.ts";

/** As the task `blis` runs it, with the least permission. */
const OURS = [
  ...[Deno.execPath(), "run", "--no-check", "--no-prompt", "--quiet", "--allow-read"],
  ...["--v8-flags=--max-semi-space-size=2", new URL("../../main.ts", import.meta.url).pathname],
  "run",
];
const WEEK_REQUESTS = 1e8;

interface Row {
  readonly name: string;
  readonly wallS: number;
  readonly cpuS: number;
  readonly peakMb: number;
  readonly requestsPerS: number;
  readonly tokensPerS: number;
  readonly isWithinLimits: boolean;
  /** Of the other simulator, and how many times ours it is. */
  readonly other?: { readonly wallS: number; readonly peakMb: number; readonly wallRatio: number };
}

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    runs: { type: "string", default: "3" },
    large: { type: "boolean", default: false },
    week: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    compare: { type: "string" },
  },
});
const say = (line: string) => flags.json || console.log(line);
const isWanted = ({ name }: { readonly name: string }) => name.includes(flags.only);

const rows: Row[] = [];
const chosen = flags.week ? weekParts : scenarios.filter(({ isLarge }) => !isLarge || flags.large);
say("   wall    limit      CPU    memory    limit     requests/s       tokens/s  scenario");
for (const scenario of chosen.filter(isWanted)) {
  const row = await time(scenario);
  rows.push(row);
  say(rowText(row, scenario));
}
if (flags.week) say(weekText(rows));
const micro: { name: string; ns: number }[] = [];
if (flags.compare === undefined && !flags.week) {
  say("\n  ns/operation  structure");
  for (const { name, create } of microBenches.filter(isWanted)) {
    micro.push({ name, ns: nsPerOperation(create()) });
    say(`${micro.at(-1)!.ns.toFixed(1).padStart(14)}  ${name}`);
  }
}
if (flags.json) console.log(JSON.stringify({ scenarios: rows, micro }, null, 2));

/** The best of some runs; of another simulator in alternation with ours, so that both see the same noise. */
async function time({ name, args, numRequests, atMost }: Scenario): Promise<Row> {
  const ours: Usage[] = [];
  const others: Usage[] = [];
  for (let i = 0; i < Number(flags.runs); i++) {
    ours.push(await measure([...OURS, ...args, "--log", "error"]));
    if (flags.compare) others.push(await measure([...flags.compare.split(" "), ...args]));
  }
  const wallS = Math.min(...ours.map((usage) => usage.wallS));
  const peakMb = Math.max(...ours.map((usage) => usage.peakMb));
  const otherWallS = Math.min(...others.map((usage) => usage.wallS));
  return {
    name,
    wallS,
    cpuS: Math.min(...ours.map((usage) => usage.cpuS)),
    peakMb,
    requestsPerS: numRequests / wallS,
    tokensPerS: tokensIn(ours[0]!.stdout) / wallS,
    isWithinLimits: wallS <= atMost.wallS && !(peakMb > atMost.peakMb),
    ...(flags.compare && {
      other: {
        wallS: otherWallS,
        peakMb: Math.max(...others.map((usage) => usage.peakMb)),
        wallRatio: otherWallS / wallS,
      },
    }),
  };
}

/** Prompt and output tokens that a run simulated: those of the whole cluster come last. */
function tokensIn(stdout: string): number {
  const total = (kind: string) =>
    Number([...stdout.matchAll(new RegExp(`"total_${kind}_tokens": (\\d+)`, "g"))].at(-1)?.[1]);
  return total("input") + total("output");
}

function rowText(row: Row, { atMost }: Scenario): string {
  const { other } = row;
  const limit = (value: number, unit: string) => Number.isFinite(value) ? `${value} ${unit}` : "";
  const cells = [
    `${row.wallS.toFixed(2)} s`.padStart(7),
    limit(atMost.wallS, "s").padStart(8),
    `${row.cpuS.toFixed(2)} s`.padStart(8),
    `${row.peakMb.toFixed(0)} MB`.padStart(9),
    limit(atMost.peakMb, "MB").padStart(8),
    Math.round(row.requestsPerS).toLocaleString("en").padStart(14),
    Math.round(row.tokensPerS).toLocaleString("en").padStart(14),
    ` ${row.name}${row.isWithinLimits ? "" : "  (over its limit)"}`,
  ];
  const compared = other === undefined
    ? ""
    : `\n${other.wallS.toFixed(2)} s, ${other.peakMb.toFixed(0)} MB: ` +
      `${other.wallRatio.toFixed(1)} times the time, ` +
      `${(other.peakMb / row.peakMb).toFixed(1)} times the memory`;
  return cells.join(" ") + compared;
}

/** The whole week by the line through the smallest and the largest part. */
function weekText(parts: readonly Row[]): string {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const requests = (row: Row) => row.requestsPerS * row.wallS;
  const extrapolated = (value: (row: Row) => number) => {
    const slope = (value(last) - value(first)) / (requests(last) - requests(first));
    return value(last) + slope * (WEEK_REQUESTS - requests(last));
  };
  const hours = extrapolated(({ wallS }) => wallS) / 3600;
  const gb = extrapolated(({ peakMb }) => peakMb) / 1024;
  return `The whole week, 100 million requests: about ${hours.toFixed(1)} h and ${
    gb.toFixed(1)
  } GB`;
}
