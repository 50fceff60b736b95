import type { Diagnostics } from "../diagnostics.ts";
import type { Recorder } from "./recorder.ts";

/** Says where an observation is not what its numbers seem to tell. */
export function warnOfAnswers(
  recorder: Recorder,
  numHeldBack: number,
  diagnostics: Diagnostics,
): void {
  const { rows, failures } = recorder;
  const share = (count: number) => `${count} of ${rows.length} requests`;
  const warn = (count: number, what: string, hint?: string) => {
    if (count > 0) diagnostics.warn(`${what}: ${share(count)}`, hint);
  };
  if (rows.length === 0) diagnostics.warn("No request was recorded");
  const [message, count] = commonest(failures);
  if (count > 0) {
    const numFailed = failures.values().reduce((sum, n) => sum + n, 0);
    diagnostics.warn(`Failed: ${share(numFailed)}, most often (${count}) with: ${message}`);
  }
  if (numHeldBack > 0) {
    diagnostics.warn(
      `Sent late, because the most requests were on their way: ${numHeldBack} requests`,
      "raise --max-concurrency, or take what the trace says of arrivals with care",
    );
  }
  warn(recorder.numWithoutUsage, "The server told no token counts");
  warn(recorder.numAborted, "The server gave up");
  warn(recorder.numLengthEnded, "Ended by a length limit");
  warn(
    recorder.numStoppedEarly,
    "Ended by the model before they had the least tokens",
    "--ignore-eos asks servers that know it to go on",
  );
}

/** True if there were requests and none was answered. */
export function failsAsAWhole({ rows }: Recorder): boolean {
  return rows.length > 0 && rows.every(({ status }) => status !== "ok");
}

function commonest(counts: ReadonlyMap<string, number>): [string, number] {
  let best: [string, number] = ["", 0];
  for (const entry of counts) if (entry[1] > best[1]) best = entry;
  return best;
}
