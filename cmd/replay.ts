import { z } from "zod";
import { needsTokens } from "../cluster/hashed_source.ts";
import type { RunResult } from "../cluster/result.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { simResultsText } from "../workload/calibration/sim_results.ts";
import type { RecordedTrace } from "../workload/recorded/recorded_trace.ts";
import { Replay } from "../workload/recorded/replay.ts";
import { newTraceHeader, type TraceHeader } from "../workload/recorded/trace_v2.ts";
import { command, type Context, grouped } from "./cli.ts";
import { checkDeploymentFlags, checkThinkTime } from "./flag_rules.ts";
import { deploymentFlags, outputOptions } from "./options.ts";
import { openDefaults } from "./resolve/defaults_file.ts";
import { modelPermissions } from "./resolve/model_files.ts";
import { resolveDeployment } from "./resolve/resolve.ts";
import { readTrace, traceFileOptions } from "./resolve/trace_files.ts";
import { outputPermissions, type ResultFile, simulate } from "./simulate.ts";
import { noteLoss, recordReplay } from "./trace_output.ts";

const options = z.strictObject({
  ...deploymentFlags.shape,
  ...traceFileOptions,
  ...grouped("Replay", {
    sessionMode: z.enum(["fixed", "closed-loop"]).default("fixed")
      .describe("whether later rounds come as recorded or wait for the answer to the one before"),
    thinkTimeMs: z.int().nonnegative().default(0)
      .describe("ms between answer and next round of closed-loop sessions; 0 = as recorded"),
  }),
  ...outputOptions,
  ...grouped("Output", {
    resultsPath: z.string().min(1).optional().meta({ placeholder: "path", writes: [""] })
      .describe("JSON file of the latencies of each request, for calibrate"),
  }),
}).check(checkDeploymentFlags, checkThinkTime);

type Values = z.output<typeof options>;

/** `blis replay`: simulates the requests of a recorded trace and prints their metrics. */
export const replay = command({
  name: "replay",
  summary: "Simulate the requests of a recorded trace",
  options,
  examples: [
    [
      "--model qwen/qwen3-14b --trace-header t.yaml --trace-data t.csv",
      "What `run --trace-output t` or `observe` recorded, on one H100",
    ],
    [
      "--model qwen/qwen3-14b --trace-header t.yaml --trace-data t.csv --session-mode closed-loop",
      "Later rounds of a session wait for the answer to the one before",
    ],
  ],
  permissions: ({ values }) => [
    ...outputPermissions(
      values.metricsPath,
      values.decisionsPath,
      values.traceOutput,
      values.resultsPath,
    ),
    ...modelPermissions(values),
  ],
  async run(flags, context) {
    const { values } = flags;
    context.diagnostics.level = values.log;
    const { header, trace } = await readTrace(values, context);
    const ids = new BlockIds();
    const source = replayOf(values, header, trace, ids);
    warnOfReplay(values, source, context);
    const defaults = await openDefaults(values.defaultsFilepath, context.io);
    const unweighted = { ...flags, values: { ...values, fitnessWeights: "" } };
    const deployment = await resolveDeployment(unweighted, source.horizonUs, defaults, context);
    const origin = { header: replayedHeader(header), deployment };
    const recorded = recordReplay(values.traceOutput, source, origin);
    const json = () => Promise.resolve(workloadJson(values));
    const result = await simulate(
      deployment,
      {
        source: recorded.source,
        ids,
        maxRequests: source.numRequests,
        requestTargets: header.goodputSloTargets,
        json,
      },
      { ...values, files: [...recorded.files, ...resultsFile(values)] },
      context,
    );
    noteLoss(recorded, context);
    if (values.horizon === undefined) noteCut(source, result, context);
    return 0;
  },
});

function replayOf(
  values: Values,
  header: TraceHeader,
  trace: RecordedTrace,
  ids: BlockIds,
): Replay {
  return new Replay(trace, {
    seed: values.seed,
    keepTokens: needsTokens(values.blockSizeInTokens),
    ids,
    horizonUs: values.horizon,
    closedLoop: values.sessionMode === "fixed" ? undefined : {
      thinkTimeUs: values.thinkTimeMs * 1000,
      accumulates: header.sessionContextGrowth === "accumulate",
    },
  });
}

function resultsFile({ resultsPath: path }: Values): ResultFile[] {
  return path === undefined ? [] : [{ path, pieces: ({ table }) => simResultsText(table) }];
}

/** What holds for the replay as it did for the trace. */
function replayedHeader({ goodputSloTargets, observedKvMetrics }: TraceHeader): TraceHeader {
  return {
    ...newTraceHeader("replayed"),
    ...(goodputSloTargets !== undefined && { goodputSloTargets }),
    ...(observedKvMetrics !== undefined && { observedKvMetrics }),
  };
}

function workloadJson({ traceHeader, traceData, sessionMode, thinkTimeMs }: Values) {
  return {
    trace_header: traceHeader,
    trace_data: traceData,
    session_mode: sessionMode,
    think_time_ms: thinkTimeMs,
  };
}

function warnOfReplay(values: Values, { sessions }: Replay, { diagnostics }: Context): void {
  if (values.fitnessWeights !== "") diagnostics.warn("--fitness-weights has no effect on a replay");
  if (values.sessionMode === "fixed") return;
  if (sessions === undefined) {
    diagnostics.warn(`${values.traceData} has no sessions: all requests come as recorded`);
  } else if (sessions.numLate > 0) {
    diagnostics.warn(
      `${sessions.numLate} sessions lack their first rounds and start with a later one`,
    );
  }
}

/** Says how much of the trace the horizon cut off that nobody asked for. */
function noteCut(source: Replay, result: RunResult, { diagnostics }: Context): void {
  const { numFollowUps = 0, numCutRounds = 0, numLostRounds = 0 } = source.sessions ?? {};
  const numRejected = result.numRejectedAtAdmission + result.numRejectedAtRouting;
  const numEnded = result.instances.reduce((sum, { metrics }) => sum + metrics.numEnded, 0);
  const numOver = numEnded + numRejected;
  if (source.numRequests + numFollowUps + numCutRounds === numOver) return;
  const numCut = source.numRecorded - numOver - numLostRounds;
  diagnostics.note(
    `The replay ended at ${source.horizonUs} µs, twice the last arrival: ` +
      `${numCut} of ${source.numRecorded} requests had not ended by then`,
    "--horizon sets another end",
  );
}
