import { z } from "zod";
import { nearest } from "../sim/internal/nearest.ts";

/** What an SLO bounds. */
export type SloMetric = keyof typeof METRICS;

/** How a metric is read. `share` is a part of the requests in [0, 1], `rate` a number per second. */
type MetricKind = "latency" | "share" | "rate";

/** All metrics: how each is read, and which side of its limit is the good one. */
const METRICS = {
  ttft: { kind: "latency", isUpper: true },
  itl: { kind: "latency", isUpper: true },
  tpot: { kind: "latency", isUpper: true },
  e2e: { kind: "latency", isUpper: true },
  rejected: { kind: "share", isUpper: true },
  timed_out: { kind: "share", isUpper: true },
  goodput: { kind: "share", isUpper: false },
  throughput: { kind: "rate", isUpper: false },
  tokens: { kind: "rate", isUpper: false },
} as const satisfies Record<string, { kind: MetricKind; isUpper: boolean }>;

/** A service-level objective: a bound of one number of a run. */
export interface SloTarget {
  /** As it is shown: `critical:ttft.p99<200ms`. */
  readonly text: string;
  /** SLO class whose requests it is about, "" = all. */
  readonly sloClass: string;
  readonly metric: SloMetric;
  readonly kind: MetricKind;
  /** `mean`, `max`, or `p` with a percentile such as `p99.9`; "" unless the metric is a latency. */
  readonly statistic: string;
  /** True if values below the limit are good, false if those above it are. */
  readonly isUpper: boolean;
  /** True if the limit itself is good too. */
  readonly isInclusive: boolean;
  /** µs of a latency, a part of 1 of a share, a number per second of a rate. */
  readonly limit: number;
}

/** Units of the limits: µs, parts of 1, or per second. */
const UNITS: Readonly<Record<MetricKind, Readonly<Record<string, number>>>> = {
  latency: { us: 1, µs: 1, ms: 1e3, s: 1e6, min: 6e7 },
  share: { "%": 0.01, "": 1 },
  rate: { "": 1, "/s": 1 },
};

const FORM = /^(?:([^:<>=]+):)?([A-Za-z0-9_]+)(?:\.([A-Za-z0-9.]+))?(<=|>=|<|>)([0-9.]+)([^,;]*)$/;
const STATISTIC = /^(?:mean|max|p(?:[0-9]|[1-9][0-9])(?:\.[0-9]+)?|p100)$/;
/** `ttft_p99`, as result files name it. */
const RESULT_NAME = /^([a-z0-9]+)_(mean|max|p[0-9.]+)(?:_ms)?$/;

/** What is wrong with the text of an SLO. */
export interface SloMistake {
  /** Continues `Cannot use TEXT for PLACE: `. */
  readonly mistake: string;
  readonly hint?: string;
}

/** Reads an SLO such as `ttft.p99<300ms`; blanks do not count. */
export function parseSloTarget(written: string): SloTarget | SloMistake {
  const text = written.replace(/\s+/g, "");
  const match = FORM.exec(text);
  if (match === null) return malformed(text);
  const [, sloClass = "", name = "", statistic = "", sign = "", digits = "", unit = ""] = match;
  if (!isMetric(name)) return unknownMetric(name);
  const { kind, isUpper } = METRICS[name];
  const factor = UNITS[kind][unit];
  const limit = Number(digits) * (factor ?? NaN);
  const isInclusive = sign.endsWith("=");
  const mistake = statisticMistake(name, statistic) ??
    (kind === "rate" && sloClass !== "" ? `${name} is that of all classes together` : undefined) ??
    (sign.startsWith("<") === isUpper
      ? undefined
      : `${name} is bounded from ${isUpper ? "above, with < or <=" : "below, with > or >="}`) ??
    (factor === undefined ? `its limit needs ${unitNames(kind)}` : undefined) ??
    limitMistake(name, { limit, isInclusive });
  if (mistake !== undefined) return { mistake };
  return { text, sloClass, metric: name, kind, statistic, isUpper, isInclusive, limit };
}

function malformed(text: string): SloMistake {
  return {
    mistake: "it must look like ttft.p99<300ms, class:e2e.mean<4s or goodput>=0.99",
    ...(/[,;]/.test(text) && { hint: "write each SLO on its own" }),
  };
}

function unknownMetric(name: string): SloMistake {
  const names = Object.keys(METRICS);
  const [, metric = "", statistic = ""] = RESULT_NAME.exec(name) ?? [];
  const similar = isMetric(metric) ? `${metric}.${statistic}` : nearest(name, names);
  return {
    mistake: `it must bound one of ${names.join(", ")}`,
    ...(similar !== undefined && { hint: `did you mean "${similar}"?` }),
  };
}

function statisticMistake(name: SloMetric, statistic: string): string | undefined {
  if (METRICS[name].kind !== "latency") {
    return statistic === "" ? undefined : `${name} has no ".${statistic}"`;
  }
  if (STATISTIC.test(statistic)) return undefined;
  return `it must say which ${name}: mean, max or a percentile, as in ${name}.p99`;
}

/** Refuses what is no number, and what no run can hold. */
function limitMistake(
  name: SloMetric,
  { limit, isInclusive }: Pick<SloTarget, "limit" | "isInclusive">,
): string | undefined {
  const { kind, isUpper } = METRICS[name];
  if (!Number.isFinite(limit)) return "it must have a decimal number as its limit";
  if (kind === "latency" && limit === 0) return "it must have a limit > 0";
  if (kind !== "share") return undefined;
  if (limit > 1) return "it must have a limit within 0..1 or 0%..100%";
  if (isInclusive || limit !== (isUpper ? 0 : 1)) return undefined;
  return `${name} is never ${isUpper ? "below 0" : "above 1"}: use ${isUpper ? "<=" : ">="}`;
}

/** An SLO in a file or a flag. */
export const sloTarget = z.string().transform((written, context): SloTarget => {
  const target = parseSloTarget(written);
  if (!("mistake" in target)) return target;
  const { mistake: message, hint } = target;
  context.issues.push({ code: "custom", input: written, message, params: { hint } });
  return z.NEVER;
});

/** A file of SLOs: those of all requests, and those of single classes. */
export const sloFile = z.strictObject({
  slos: z.array(sloTarget).default([]),
  classes: z.record(z.string(), z.array(sloTarget)).default({})
    .describe("SLO class → its SLOs, which name no class themselves"),
});

/** All SLOs of a file; those below a class are about that class. */
export function targetsOf({ slos, classes }: z.output<typeof sloFile>): SloTarget[] {
  const scoped = Object.entries(classes).flatMap(([sloClass, targets]) =>
    targets.map((target) => ({ ...target, sloClass, text: `${sloClass}:${target.text}` }))
  );
  return [...slos, ...scoped];
}

/** A value or limit of an SLO as people read it: `212.4 ms`, `99.2 %`, `9.5 /s`; NaN is a dash. */
export function quantityText(kind: MetricKind, value: number): string {
  if (Number.isNaN(value)) return "-";
  if (kind === "share") return `${fewDigits(value * 100)} %`;
  if (kind === "rate") return `${fewDigits(value)} /s`;
  return value >= 1e7 ? `${fewDigits(value / 1e6)} s` : `${fewDigits(value / 1e3)} ms`;
}

/** A part of 1 as a percentage with one decimal. */
export function percent(part: number): string {
  return `${fewDigits(Math.round(part * 1000) / 10)} %`;
}

/** Four digits that count, or all in front of the point. */
export function fewDigits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

function isMetric(name: string): name is SloMetric {
  return Object.hasOwn(METRICS, name);
}

function unitNames(kind: MetricKind): string {
  const names = Object.keys(UNITS[kind]).filter((unit) => unit !== "" && unit !== "µs");
  if (kind !== "latency") return `no unit, or ${names.join(", ")}`;
  return `a unit: ${names.join(", ")}`;
}
