import { z } from "zod";
import type { Deployment } from "../cluster/deployment.ts";
import type { RequestTargets } from "../cluster/slo_limits.ts";
import { UsageError } from "../sim/internal/errors.ts";
import type { RequestSource } from "../sim/request_source.ts";
import { command, type Context, grouped } from "./cli.ts";
import { checkDeploymentFlags, checkModelOrResult, checkWorkloadFlags } from "./flag_rules.ts";
import { type Flags, kebabCase } from "./flag_values.ts";
import { deploymentFlags, modelOptions, outputOptions, workloadOptions } from "./options.ts";
import { openDefaults } from "./resolve/defaults_file.ts";
import { generatedWorkload } from "./resolve/generated_workload.ts";
import { modelPermissions } from "./resolve/model_files.ts";
import { resolveDeployment } from "./resolve/resolve.ts";
import { type ResolvedWorkload, resolveWorkload } from "./resolve/workload.ts";
import { outputPermissions, simulate } from "./simulate.ts";
import type { RecordedSource } from "./trace_output.ts";

const options = z.strictObject({
  ...modelOptions,
  ...workloadOptions,
  ...deploymentFlags.shape,
  ...outputOptions,
  model: modelOptions.model.default("").meta(modelOptions.model.meta()!),
  ...grouped("Simulation", {
    fromResult: z.string().min(1).optional().meta({ placeholder: "file" })
      .describe("run again what a file of --output json describes, instead of flags"),
  }),
}).check(checkDeploymentFlags, checkWorkloadFlags, checkModelOrResult);

/** `blis run`: simulates a generated workload and prints its metrics. */
export const run = command({
  name: "run",
  summary: "Simulate a workload made from flags, a preset or a spec file",
  options,
  examples: [
    ["--model qwen/qwen3-14b --rate 5", "100 requests, 5 a second, on one H100"],
    [
      "--model qwen/qwen3-14b --workload chatbot --num-instances 4 --routing-policy weighted",
      "A preset on four instances behind a cache-aware router",
    ],
    [
      "--model qwen/qwen3-14b --workload-spec clients.yaml --horizon 60000000",
      "Clients of a file, for one simulated minute",
    ],
  ],
  permissions: ({ values }) => [
    ...outputPermissions(values.metricsPath, values.decisionsPath, values.traceOutput),
    ...modelPermissions(values),
  ],
  async run(flags, context) {
    context.diagnostics.level = flags.values.log;
    const run = await resolve(flags, context);
    const generated = generatedWorkload(run.workload, run.deployment);
    const trace = await recorded(generated.source, flags.values.traceOutput, run);
    const json = async () =>
      (await import("./resolve/workload_json.ts")).workloadToJson(run.workload);
    await simulate(
      run.deployment,
      { ...generated, source: trace.source, json },
      { ...flags.values, files: trace.files },
      context,
    );
    if (trace.recorder !== undefined) {
      (await import("./trace_output.ts")).noteLoss(trace, context);
    }
    return 0;
  },
});

interface Resolved {
  readonly deployment: Deployment;
  readonly workload: ResolvedWorkload;
}

async function resolve(
  flags: Flags<z.output<typeof options>>,
  context: Context,
): Promise<Resolved> {
  const { fromResult } = flags.values;
  if (fromResult !== undefined) {
    requireAlone(flags.given);
    const { readResult } = await import("./resolve/from_result.ts");
    return readResult(await context.io.readText(fromResult), fromResult);
  }
  const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
  const workload = await resolveWorkload(flags, defaults, context);
  const deployment = await resolveDeployment(flags, workload.horizonUs, defaults, context);
  return { deployment, workload };
}

/** A result says all: beside it only flags about outputs make sense. */
function requireAlone(given: ReadonlySet<string>): void {
  const allowed = new Set([...Object.keys(outputOptions), "fromResult", "log"]);
  for (const key of given) {
    if (allowed.has(key)) continue;
    const flag = `--${kebabCase(key)}`;
    throw new UsageError(`Cannot use ${flag} and --from-result together`, { flag });
  }
}

/** The source, recorded if there is to be a trace; what few runs need is loaded by those alone. */
async function recorded(
  source: RequestSource,
  prefix: string | undefined,
  { deployment, workload }: Resolved,
): Promise<RecordedSource> {
  if (prefix === undefined) return { source, files: [] };
  const { recordTrace } = await import("./trace_output.ts");
  const { newTraceHeader } = await import("../workload/recorded/trace_v2.ts");
  const { seed, goodputSloTargets = {} } = workload.spec;
  const header = { ...newTraceHeader("generated", seed), ...headerTargets(goodputSloTargets) };
  return recordTrace(prefix, source, { header, deployment });
}

/** Targets as the key of a trace header: classes by name, without those that have none. */
function headerTargets(targets: RequestTargets): { readonly goodputSloTargets?: RequestTargets } {
  const aimed = Object.entries(targets)
    .filter(([, { ttftMs, itlMs, e2eMs }]) => Math.max(ttftMs, itlMs, e2eMs) > 0)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return aimed.length === 0 ? {} : { goodputSloTargets: Object.fromEntries(aimed) };
}
