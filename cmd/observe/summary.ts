import { section, sessionSection } from "../../cluster/section.ts";
import {
  type Distribution,
  distributionOf,
  percentileMs,
  wholeDistributionOf,
} from "../../sim/distribution.ts";
import { jsonText, toFixedEven } from "../../sim/internal/number_format.ts";
import { metricsReport } from "../../sim/report.ts";
import type { TraceRow } from "../../workload/recorded/trace_row.ts";
import type { Recorder } from "./recorder.ts";

/** What an observation prints; `wallS` is how long it took, in s. */
export function summaryText(recorder: Recorder, wallS: number): string {
  return metricsBlock(recorder, wallS) + sessionBlock(recorder.rows) + observationBlock(recorder);
}

/** The metrics of `blis run`, as far as a client can know them; the others are 0. */
function metricsBlock({ rows, chunkTimes }: Recorder, wallS: number): string {
  const used = rows.filter(isTimed);
  const perSecond = (count: number) => wallS > 0 ? count / wallS : 0;
  const report = metricsReport({
    instanceId: "",
    numCompleted: used.length,
    stillQueued: 0,
    stillRunning: 0,
    inputTokens: 0,
    outputTokens: 0,
    endUs: 0,
    e2e: wholeDistributionOf(Float64Array.from(used, e2eUs)),
    ttft: wholeDistributionOf(Float64Array.from(used, ttftUs)),
    itl: wholeDistributionOf(Float64Array.from(chunkTimes.flatMap(gapsUs))),
    schedulingDelay: wholeDistributionOf(new Float64Array(0)),
    numKvAllocationFailures: 0,
    numPreemptions: 0,
    cacheHitRate: 0,
    numDropped: 0,
    numLengthCapped: 0,
    numTimedOut: 0,
  });
  const observed = {
    ...report,
    injected_requests: 0,
    responses_per_sec: perSecond(used.length),
    tokens_per_sec: perSecond(used.reduce((sum, row) => sum + row.outputTokens, 0)),
  };
  return section("Simulation Metrics", [jsonText(observed)]);
}

function sessionBlock(rows: readonly TraceRow[]): string {
  const rounds = rows.filter(({ sessionId }) => sessionId !== "")
    .sort((a, b) => a.requestId - b.requestId);
  if (rounds.length === 0) return "";
  const sessions = Map.groupBy(rounds, ({ sessionId }) => sessionId);
  const timed = rounds.filter((row) => row.status === "ok" && row.firstChunkTimeUs > 0);
  const ttftsMs = (isCold: boolean) =>
    distributionOf(
      Float64Array.from(
        timed.filter(({ roundIndex }) => (roundIndex === 0) === isCold),
        (row) => ttftUs(row) / 1000,
      ),
    );
  return sessionSection({
    numSessions: sessions.size,
    coldTtft: ttftsMs(true),
    warmTtft: ttftsMs(false),
    duration: durationsMs(sessions.values()),
  });
}

/** From the first round to the last chunk, of each session whose first round was recorded. */
function durationsMs(sessions: Iterable<readonly TraceRow[]>): Distribution {
  const durations: number[] = [];
  for (const rounds of sessions) {
    const first = rounds.find(({ roundIndex }) => roundIndex === 0);
    if (first === undefined) continue;
    const endUs = rounds.reduce((end, row) => Math.max(end, row.lastChunkTimeUs), 0);
    const duration = endUs / 1000 - first.sendTimeUs / 1000;
    if (duration > 0) durations.push(duration);
  }
  return distributionOf(Float64Array.from(durations));
}

function observationBlock(recorder: Recorder): string {
  const { rows, lagUs, numShort, numWhole } = recorder;
  const lag = distributionOf(lagUs.view().slice());
  const numOf = (status: string) => rows.filter((row) => row.status === status).length;
  const numOk = numOf("ok");
  const lagMs = (p: number) => toFixedEven(percentileMs(lag, p), 2);
  return section("Observation", [
    `Recorded Requests: ${rows.length}`,
    ...["ok", "error", "timeout"].map((status) => `  ${status}: ${numOf(status)}`),
    `Dispatch Lag: p50=${lagMs(50)} p99=${lagMs(99)} max=${lagMs(100)} ms (n=${lag.count})`,
    `Outputs Shorter Than Asked: ${numShort} of ${numOk}`,
    ...(numWhole === 0 ? [] : [
      `TTFT Not Measured: ${numWhole} of ${numOk} (their answers came whole, so it is their E2E)`,
    ]),
  ]);
}

/** True for a request whose times say something. */
function isTimed(row: TraceRow): boolean {
  const ttft = ttftUs(row);
  return row.status === "ok" && ttft > 0 && e2eUs(row) >= ttft;
}

function ttftUs({ firstChunkTimeUs, sendTimeUs }: TraceRow): number {
  return firstChunkTimeUs - sendTimeUs;
}

function e2eUs({ lastChunkTimeUs, sendTimeUs }: TraceRow): number {
  return lastChunkTimeUs - sendTimeUs;
}

function gapsUs({ timesUs }: { readonly timesUs: readonly number[] }): number[] {
  return timesUs.slice(1).map((timeUs, i) => timeUs - timesUs[i]!).filter((gap) => gap > 0);
}
