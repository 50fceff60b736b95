import { z } from "zod";
import { ConfigError } from "../../sim/internal/errors.ts";
import { inferencePerfToSpec } from "../../workload/inference_perf.ts";
import type { InferencePerfSpec } from "../../workload/spec.ts";
import { command, type Context } from "../cli.ts";
import { warnOfLoss } from "./spec_loss.ts";
import { readWorkload } from "../resolve/workload_file.ts";
import { workloadText } from "./workload_text.ts";

const options = z.strictObject({
  spec: z.string().min(1).meta({ placeholder: "path" })
    .describe("workload file with an inference_perf block"),
});

/** `blis convert inference-perf`: prints the clients that an inference_perf block stands for. */
export const convertInferencePerf = command({
  name: "convert inference-perf",
  summary: "Print an inference_perf block as a workload file with its clients",
  options,
  examples: [["--spec shared-prefix.yaml > clients.yaml", "Every user of every system prompt"]],
  permissions: () => ["read"],
  async run({ values }, context) {
    const { spec: path } = values;
    const file = await readWorkload(path, context);
    const { inferencePerf } = file;
    if (inferencePerf === undefined) {
      throw new ConfigError(`Found no inference_perf block in ${path}`, {
        file: path,
        hint: "the file is a workload file as it is",
      });
    }
    const spec = inferencePerfToSpec(file, inferencePerf);
    const text = workloadText(spec, `the workload made from ${path}`);
    const left = ["cohorts", "horizon", "numRequests", "goodputSloTargets"] as const;
    warnOfLoss(path, file, left, context);
    warnOfRate(path, inferencePerf, spec.aggregateRate, context);
    context.io.print(text);
    return 0;
  },
});

/** A workload file cannot state the arrivals of a block exactly. */
function warnOfRate(
  path: string,
  { stages, sharedPrefix }: InferencePerfSpec,
  totalRate: number,
  { diagnostics }: Context,
): void {
  const hint = `run the block itself: blis run --workload-spec ${path}`;
  if (stages.length > 1) {
    diagnostics.warn(
      `The clients send ${totalRate} requests/s in every stage, the sum of the stages: a workload ` +
        "file has one aggregate_rate",
      hint,
    );
  } else if (!sharedPrefix.enableMultiTurnChat) {
    const { rate, durationSeconds } = stages[0]!;
    diagnostics.warn(
      `The clients send ${rate} requests/s without an end, not ` +
        `${Math.trunc(rate * durationSeconds)} requests in ${durationSeconds} s`,
      hint,
    );
  }
}
