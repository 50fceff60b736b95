import { z } from "zod";
import { compose as composeSpecs } from "../../workload/compose.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import { command, type Context } from "../cli.ts";
import { type LosablePart, warnOfLoss } from "./spec_loss.ts";
import { readWorkload } from "../resolve/workload_file.ts";
import { workloadText } from "./workload_text.ts";

const options = z.strictObject({
  from: z.array(z.string().min(1)).min(1).meta({ placeholder: "path" })
    .describe("workload file; give the flag once for each"),
});

/** All that is not a client. */
const LEFT_OUT: readonly LosablePart[] = [
  ...["seed", "cohorts", "horizon", "numRequests", "servegenData"] as const,
  ...["inferencePerf", "goodputSloTargets"] as const,
];

/** A sum of fractions this near to 1 is 1. */
const ROUNDING = 1e-9;

/** `blis compose`: prints one workload file with the clients of several. */
export const compose = command({
  name: "compose",
  summary: "Print one workload file with the clients of several",
  options,
  examples: [["--from chat.yaml --from batch.yaml > both.yaml", "The rates of both add up"]],
  permissions: () => ["read"],
  async run({ values }, context) {
    const specs: WorkloadSpec[] = [];
    for (const path of values.from) {
      const spec = await readWorkload(path, context);
      warnOfLoss(path, spec, LEFT_OUT, context);
      specs.push(spec);
    }
    if (specs.length > 1) {
      specs.forEach((spec, i) => warnOfFractions(values.from[i]!, spec, context));
    }
    context.io.print(workloadText(composeSpecs(specs), "the composed workload"));
    return 0;
  },
});

/** Alone, only the ratios of a file's fractions count; among those of others their sum does. */
function warnOfFractions(path: string, spec: WorkloadSpec, { diagnostics }: Context): void {
  let sum = 0;
  for (const { rateFraction } of spec.clients) sum += rateFraction;
  if (spec.aggregateRate === 0 || sum === 0 || Math.abs(sum - 1) <= ROUNDING) return;
  diagnostics.warn(
    `The rate fractions of ${path} add up to ${sum}, not 1: its clients get ` +
      `${sum < 1 ? "less" : "more"} than its aggregate_rate beside those of other files`,
  );
}
