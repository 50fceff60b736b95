import type { Deployment } from "../cluster/deployment.ts";
import type { RunResult } from "../cluster/result.ts";
import { createLatencyModel } from "../latency/mod.ts";
import type { RequestSource } from "../sim/request_source.ts";
import type { Replay } from "../workload/recorded/replay.ts";
import { traceCsv } from "../workload/recorded/trace_csv.ts";
import { type RecordedRun, TraceRecorder, traceRow } from "../workload/recorded/trace_recorder.ts";
import type { TraceRow } from "../workload/recorded/trace_row.ts";
import { type TraceHeader, traceHeaderText } from "../workload/recorded/trace_v2.ts";
import type { Context } from "./cli.ts";
import type { ResultFile } from "./simulate.ts";

/** What a trace tells beside its requests. */
export interface TraceOrigin {
  readonly header: TraceHeader;
  readonly deployment: Deployment;
}

/** A source, and the files that are written when its requests have run. */
export interface RecordedSource {
  readonly source: RequestSource;
  readonly files: readonly ResultFile[];
  /** Undefined without a trace. */
  readonly recorder?: TraceRecorder;
}

/** Says, when the run is over, what a replay of its trace will not have. */
export function noteLoss({ recorder }: RecordedSource, { diagnostics }: Context): void {
  const { numRepeating = 0 } = recorder ?? {};
  if (numRepeating === 0) return;
  diagnostics.note(
    `The trace does not tell what ${numRepeating} later rounds of sessions repeat: their prefix ` +
      "hits are lost in a replay",
  );
}

/** The source of a run and, if there is a `prefix`, the files of a trace of all that arrives. */
export function recordTrace(
  prefix: string | undefined,
  source: RequestSource,
  origin: TraceOrigin,
): RecordedSource {
  if (prefix === undefined) return { source, files: [] };
  const recorder = new TraceRecorder(source);
  return {
    source: recorder,
    recorder,
    files: traceFiles(prefix, recorder, origin, (run) => recorder.rows(run)),
  };
}

/** The same of a replay: a trace of what was injected, in the order of the trace it came from. */
export function recordReplay(
  prefix: string | undefined,
  replay: Replay,
  origin: TraceOrigin,
): RecordedSource {
  if (prefix === undefined) return { source: replay, files: [] };
  const recorder = new TraceRecorder(replay);
  const rows = (run: RecordedRun) => replayedRows(replay, recorder, run);
  return { source: recorder, recorder, files: traceFiles(prefix, recorder, origin, rows) };
}

function traceFiles(
  prefix: string,
  recorder: TraceRecorder,
  { header, deployment }: TraceOrigin,
  rows: (run: RecordedRun) => Iterable<TraceRow>,
): ResultFile[] {
  return [
    { path: `${prefix}.yaml`, pieces: () => [traceHeaderText(header)] },
    {
      path: `${prefix}.csv`,
      pieces: (result) => traceCsv(rows(recordedRun(result, deployment)), recorder.columns()),
    },
  ];
}

function recordedRun({ table, numArrived }: RunResult, deployment: Deployment): RecordedRun {
  const { latency, modelConfig: model, hardware, tp, dp } = deployment;
  const { postDecodeUs } = createLatencyModel(latency, { model, hardware, tp, dp });
  return { table, numArrived, postDecodeUs };
}

/** Requests after the horizon never came out of the source: they are taken now. */
function* replayedRows(
  replay: Replay,
  recorder: TraceRecorder,
  run: RecordedRun,
): Generator<TraceRow, void> {
  while (recorder.next() !== undefined);
  recorder.requests.settle();
  for (const [i, turn] of replay.turns().entries()) {
    yield traceRow(i, recorder.requests.at(turn), run);
  }
}
