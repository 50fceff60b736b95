import { z } from "zod";
import { readRecordedTrace, type RecordedTrace } from "../../workload/recorded/recorded_trace.ts";
import { TraceReader } from "../../workload/recorded/trace_csv.ts";
import {
  readTraceHeader,
  type TraceHeader,
  traceHeaderWarnings,
} from "../../workload/recorded/trace_v2.ts";
import { type Context, grouped } from "../cli.ts";

const path = z.string().min(1).meta({ placeholder: "path" });

/** The two files of a trace. */
export const traceFileOptions = grouped("Trace", {
  traceHeader: path.describe("YAML file of the trace"),
  traceData: path.describe("CSV file of the trace, one request a row"),
});

/** Where the two files of a trace are. */
export interface TracePaths {
  readonly traceHeader: string;
  readonly traceData: string;
}

/**
 * Opens a trace: its header, and a reader of its rows. What is read in another way than the header
 * says, and columns that nobody knows, bring a warning.
 */
export async function openTrace(
  { traceHeader, traceData }: TracePaths,
  { io, diagnostics }: Context,
): Promise<{ readonly header: TraceHeader; readonly reader: TraceReader }> {
  const header = readTraceHeader(await io.readText(traceHeader), traceHeader);
  for (const warning of traceHeaderWarnings(header)) diagnostics.warn(warning);
  const reader = new TraceReader(io.readTextChunks(traceData), traceData);
  for (const name of reader.unknownColumns) {
    diagnostics.warn(`Column "${name}" of ${traceData} is unknown and left out`);
  }
  return { header, reader };
}

/** Reads a trace that is to be replayed. */
export async function readTrace(
  paths: TracePaths,
  context: Context,
): Promise<{ readonly header: TraceHeader; readonly trace: RecordedTrace }> {
  const { header, reader } = await openTrace(paths, context);
  const trace = readRecordedTrace(reader, paths.traceData);
  if (trace.numFailed > 0) {
    context.diagnostics.note(
      `${trace.numFailed} of ${trace.length} recorded requests failed; they are replayed like all`,
    );
  }
  return { header, trace };
}
