import type {
  ClientShare,
  LengthSummary,
  Share,
  TrafficSummary,
} from "../../workload/traffic_summary.ts";
import { textTable } from "../table.ts";
import { perSecond, type Traffic } from "./traffic_json.ts";

const BAR_WIDTH = 40;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/** Longer lists are cut. */
const MAX_ROWS = 12;

/** A line of a histogram: what the bar stands for, its length, and the figure behind it. */
interface Bar {
  readonly label: string;
  readonly size: number;
  readonly figure: string;
}

/** Traffic as text for a terminal; `name` is that of the workload. */
export function trafficText(traffic: Traffic, name: string): string {
  const { summary } = traffic;
  return [
    overview(traffic, name),
    section(
      "Requests per second",
      bars(summary.rates.map(({ fromUs, toUs, ratePerSecond }) => ({
        label: `${(fromUs / 1e6).toFixed(decimalsFor((toUs - fromUs) / 1e6))} s`,
        size: ratePerSecond,
        figure: digits(ratePerSecond),
      }))),
    ),
    section("Prompt tokens", lengthLines(summary.prompt, summary.numRequests)),
    section("Output tokens", lengthLines(summary.output, summary.numRequests)),
    section("Clients", clientLines(summary.clients, summary.numRequests)),
    section("SLO classes", shareLines(summary.sloClasses, summary.numRequests)),
    section("Tenants", shareLines(summary.tenants, summary.numRequests)),
  ].join("");
}

function overview(traffic: Traffic, name: string): string {
  const { seed, isComplete, assumedItlMs, summary } = traffic;
  const { numRequests, durationUs, rates } = summary;
  const peak = Math.max(0, ...rates.map(({ ratePerSecond }) => ratePerSecond));
  const perSecondText = (count: number) => digits(perSecond(count, durationUs / 1e6));
  const rows = {
    requests: `${isComplete ? "" : "the first "}${numRequests} in ${digits(durationUs / 1e6)} s`,
    "requests/s": `${perSecondText(numRequests)} on average, ${digits(peak)} in the busiest ` +
      `stretch below; cv of the gaps ${digits(summary.gapCv)} (poisson 1, even 0)`,
    "tokens/s": `${perSecondText(summary.totalPromptTokens)} prompt, ` +
      `${perSecondText(summary.totalOutputTokens)} output`,
    shared: sharedText(summary),
    sessions: sessionsText(summary),
    ...(assumedItlMs !== undefined && {
      assumed: `answers take ${assumedItlMs} ms a token (--assumed-itl-ms); clients wait for them`,
    }),
  };
  const lines = Object.entries(rows).map(([key, text]) => `  ${key.padEnd(10)}  ${text}\n`);
  return `${name}, seed ${seed}\n${lines.join("")}`;
}

function sharedText({ prefixTokens, repeatedTokens, totalPromptTokens }: TrafficSummary): string {
  return `${percent(prefixTokens, totalPromptTokens)} of the prompt tokens are a group's prefix; ` +
    `${
      percent(repeatedTokens, totalPromptTokens)
    } came before: the most that prefix caching can save`;
}

function sessionsText(summary: TrafficSummary): string {
  const { numSessions, numSessionRequests, numRequests, maxRounds } = summary;
  if (numSessions === 0) return "none";
  return `${numSessions} with ${percent(numSessionRequests, numRequests)} of the requests, ` +
    `at most ${maxRounds} in one`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${title}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function lengthLines(lengths: LengthSummary, numRequests: number): string[] {
  const { mean, min, p50, p90, p99, max, histogram } = lengths;
  const figures = { min, mean, p50, p90, p99, max };
  const line = Object.entries(figures).map(([key, value]) => `${key} ${Math.round(value)}`);
  const rows = histogram.map(({ from, to, count }) => ({
    label: to - from === 1 ? String(from) : `${from}-${to - 1}`,
    size: count,
    figure: percent(count, numRequests),
  }));
  return [line.join("  "), ...bars(rows)];
}

function clientLines(clients: readonly ClientShare[], numRequests: number): string[] {
  const rows = clients.slice(0, MAX_ROWS).map((client) => [
    client.name,
    client.sloClass === "" ? "-" : client.sloClass,
    percent(client.numRequests, numRequests),
    String(Math.round(client.meanPromptTokens)),
    String(Math.round(client.meanOutputTokens)),
  ]);
  const rest = clients.length - rows.length;
  const header = ["id", "SLO class", "requests", "mean prompt", "mean output"];
  return [
    ...textTable([header, ...rows]).trimEnd().split("\n"),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

/** Nothing if all requests are alike. */
function shareLines(shares: readonly Share[], numRequests: number): string[] {
  if (shares.length < 2) return [];
  const rows = shares.slice(0, MAX_ROWS).map(({ name, numRequests: count }) => ({
    label: name === "" ? "(none)" : name,
    size: count,
    figure: percent(count, numRequests),
  }));
  const rest = shares.length - rows.length;
  return [...bars(rows), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** Lines with bars, the longest of full width. */
function bars(rows: readonly Bar[]): string[] {
  const longest = Math.max(...rows.map(({ size }) => size));
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  return rows.map(({ label, size, figure }) => {
    const eighths = longest === 0 ? 0 : Math.round((size / longest) * BAR_WIDTH * 8);
    const bar = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
    return `${label.padStart(labelWidth)}  ${bar}${bar === "" ? "" : " "}${figure}`;
  });
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : (100 * part / whole).toFixed(1)} %`;
}

/** Decimals that tell two times apart which lie `step` seconds from each other. */
function decimalsFor(step: number): number {
  let decimals = 0;
  for (let unit = 10; unit > step && decimals < 6; unit /= 10) decimals++;
  return decimals;
}

/** Three digits or all before the point. */
function digits(x: number): string {
  if (x === 0 || x >= 100) return String(Math.round(x));
  return String(Number(x.toPrecision(3)));
}
