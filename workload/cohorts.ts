import { cos } from "../sim/internal/float.ts";
import type { ClientSpec, CohortSpec, WindowSpec } from "./spec.ts";

const HOUR_US = 3_600_000_000;
const TWO_PI = 6.283185307179586;
const DRAIN_STEPS = 10;

/** The members of a cohort, as clients. All share one list of windows. */
export function cohortMembers(cohort: CohortSpec): ClientSpec[] {
  const windows = [...diurnalWindows(cohort), ...spikeWindows(cohort), ...drainWindows(cohort)];
  const { population, prefixSharing, diurnal: _, spike: __, drain: ___, ...common } = cohort;
  const shared = {
    ...common,
    rateFraction: cohort.rateFraction / population,
    concurrency: 0,
    thinkTimeUs: 0,
    ...(windows.length > 0 && { lifecycle: { windows } }),
  };
  return Array.from({ length: population }, (_, j) => ({
    ...shared,
    id: `${cohort.id}-${j}`,
    prefixGroup: prefixSharing === "per_member" ? `${cohort.prefixGroup}-${j}` : cohort.prefixGroup,
  }));
}

/** A window an hour of one day: the whole hour at the peak, the least part of it in the trough. */
function diurnalWindows({ diurnal }: CohortSpec): WindowSpec[] {
  if (diurnal === undefined) return [];
  const { peakHour, peakToTroughRatio } = diurnal;
  return Array.from({ length: 24 }, (_, hour) => {
    const angle = (TWO_PI * (hour - peakHour)) / 24;
    const part = ((1 + cos(angle)) / 2) * (1 - 1 / peakToTroughRatio) + 1 / peakToTroughRatio;
    const startUs = hour * HOUR_US;
    const lengthUs = Math.min(HOUR_US, Math.max(1, Math.trunc(HOUR_US * part)));
    return { startUs, endUs: startUs + lengthUs };
  });
}

function spikeWindows({ spike, population }: CohortSpec): WindowSpec[] {
  if (spike === undefined) return [];
  const { startTimeUs: startUs, durationUs, traceRate } = spike;
  const endUs = startUs + durationUs;
  return traceRate === undefined
    ? [{ startUs, endUs }]
    : [{ startUs, endUs, traceRate: traceRate / population }];
}

/** All the time before the ramp, then ten segments of which each is active for a smaller part. */
function drainWindows({ drain }: CohortSpec): WindowSpec[] {
  if (drain === undefined) return [];
  const { startTimeUs, rampDurationUs } = drain;
  const segmentUs = Math.max(1, Math.floor(rampDurationUs / DRAIN_STEPS));
  const windows = Array.from({ length: DRAIN_STEPS }, (_, i) => {
    const startUs = startTimeUs + i * segmentUs;
    const part = (DRAIN_STEPS - i) / DRAIN_STEPS;
    return { startUs, endUs: startUs + Math.max(1, Math.trunc(segmentUs * part)) };
  });
  return startTimeUs > 0 ? [{ startUs: 0, endUs: startTimeUs }, ...windows] : windows;
}
