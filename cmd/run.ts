import { z } from "zod";
import type { Deployment } from "../cluster/deployment.ts";
import { needsTokens } from "../cluster/hashed_source.ts";
import { UsageError } from "../sim/internal/errors.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { generate } from "../workload/generate.ts";
import { newTraceHeader } from "../workload/trace_v2.ts";
import { command, type Context, grouped } from "./cli.ts";
import { openDefaults } from "./defaults_file.ts";
import { checkDeploymentFlags, checkModelOrResult, checkWorkloadFlags } from "./flag_rules.ts";
import { type Flags, kebabCase } from "./flag_values.ts";
import { readResult, workloadToJson } from "./from_result.ts";
import { modelPermissions } from "./model_files.ts";
import { deploymentFlags, modelOptions, outputOptions, workloadOptions } from "./options.ts";
import { resolveDeployment } from "./resolve.ts";
import { type ResolvedWorkload, resolveWorkload } from "./resolve_workload.ts";
import { outputPermissions, simulate } from "./simulate.ts";
import { recordTrace } from "./trace_output.ts";

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
    const { deployment, workload } = await resolve(flags, context);
    const generated = simulated(workload, deployment);
    const header = newTraceHeader("generated", workload.spec.seed);
    const { traceOutput } = flags.values;
    const { source, files } = recordTrace(traceOutput, generated.source, { header, deployment });
    await simulate(deployment, { ...generated, source }, { ...flags.values, files }, context);
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

function simulated(workload: ResolvedWorkload, { instance }: Deployment) {
  const ids = new BlockIds();
  const { spec, timeoutUs, ...bounds } = workload;
  const source = generate(spec, {
    ...bounds,
    ids,
    keepTokens: needsTokens(instance.blockSize),
    ...(timeoutUs !== undefined && { timeoutUs }),
  });
  const maxRequests = workload.maxRequests > 0 ? workload.maxRequests : Infinity;
  return { source, ids, maxRequests, json: workloadToJson(workload) };
}
