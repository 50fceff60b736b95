import { z } from "zod";
import { saturationOf } from "./saturation.ts";
import {
  checkSlos,
  type ClassGoodput,
  goodputOf,
  goodputPerClass,
  type JudgedRun,
  type SloOutcome,
} from "./slo_check.ts";
import type { SloTarget } from "./slo_target.ts";

/** An SLO and its outcome as JSON values. */
export const outcomeDocument = z.strictObject({
  slo: z.string().describe("as it was written, without blanks"),
  class: z.string().nullable().describe("null = all requests"),
  value: z.number().nullable().describe("as the limit; null if the run has no such number"),
  limit: z.number().describe("µs of a latency, part of 1 of a share, else per second"),
  margin: z.number().describe("distance to the limit ÷ limit; < 0 = missed; -1 without a value"),
  holds: z.boolean().describe("false too without a value"),
});

const goodput = z.strictObject({
  class: z.string().nullable().describe("null = all requests"),
  requests: z.int()
    .describe("that arrived: injected, rejected, or on their way to an instance at the horizon"),
  completed: z.int().describe("that got their last token"),
  good: z.int().describe("that completed within the limits of a single request"),
  goodput: z.number().nullable().describe("good ÷ requests"),
});

const pair = z.array(z.number()).length(2);
const THIRDS = "mean over the middle and over the last third of the arrivals' time";

/** How the backlog drifted, as JSON values. */
export const saturationDocument = z.strictObject({
  verdict: z.enum(["stable", "at the knee", "saturated"]).describe("whether it keeps up"),
  reason: z.string().describe("why, for a reader"),
  mean_waiting: pair.describe(`requests that waited: ${THIRDS}`),
  mean_in_flight: pair.describe(`requests that waited or ran: ${THIRDS}`),
  drift: z.number().describe("growth of the waiting requests ÷ arrivals meanwhile"),
  still_in_flight: z.number().describe("part of the requests, at the last arrival"),
});

/** What a result says of its SLOs. */
export const sloDocument = {
  slos: z.array(outcomeDocument).describe("empty without --slo"),
  goodput: z.array(goodput).describe("of all requests, then by SLO class"),
  saturation: saturationDocument.describe("whether the backlog grew"),
};

type SloDocument = z.infer<z.ZodObject<typeof sloDocument>>;

/** Judges a run; the values of {@link sloDocument}. */
export function describeSlos(targets: readonly SloTarget[], run: JudgedRun): SloDocument {
  return {
    slos: checkSlos(targets, run).map(describeOutcome),
    goodput: goodputPerClass(targets, run).map(describeGoodput),
    saturation: describeSaturation(saturationOf(run.result)),
  };
}

/** An outcome as JSON values. */
export function describeOutcome(
  { target, value, margin, holds }: SloOutcome,
): z.infer<typeof outcomeDocument> {
  return {
    slo: target.text,
    class: target.sloClass || null,
    value: orNull(value),
    limit: target.limit,
    margin,
    holds,
  };
}

/** Goodput as JSON values. */
export function describeGoodput(group: ClassGoodput): z.infer<typeof goodput> {
  return {
    class: group.name || null,
    requests: group.requests,
    completed: group.completed,
    good: group.good,
    goodput: orNull(goodputOf(group)),
  };
}

/** A verdict as JSON values. */
export function describeSaturation(
  saturation: ReturnType<typeof saturationOf>,
): z.infer<typeof saturationDocument> {
  return {
    verdict: saturation.verdict,
    reason: saturation.reason,
    mean_waiting: [...saturation.waiting],
    mean_in_flight: [...saturation.inFlight],
    drift: saturation.drift,
    still_in_flight: saturation.stillInFlight,
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
