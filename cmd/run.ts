import { z } from "zod";
import { buildCluster } from "../cluster/build.ts";
import type { Deployment } from "../cluster/deployment.ts";
import { needsTokens } from "../cluster/hashed_source.ts";
import { renderMetricsFile, renderText } from "../cluster/render.ts";
import { clusterMetrics, type RunResult } from "../cluster/result.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { generate } from "../workload/generate.ts";
import { command, type Context } from "./cli.ts";
import { openDefaults } from "./defaults_file.ts";
import { checkDeploymentFlags, checkWorkloadFlags } from "./flag_rules.ts";
import { deploymentFlags, modelOptions, outputOptions, workloadOptions } from "./options.ts";
import { warnOfOutcome } from "./outcome_warnings.ts";
import { ProgressLine } from "./progress.ts";
import { resolveDeployment } from "./resolve.ts";
import { type ResolvedWorkload, resolveWorkload } from "./resolve_workload.ts";

const options = z.strictObject({
  ...modelOptions,
  ...workloadOptions,
  ...deploymentFlags.shape,
  ...outputOptions,
}).check(checkDeploymentFlags, checkWorkloadFlags);

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
  permissions: ({ values }) => values.metricsPath === undefined ? ["read"] : ["read", "write"],
  async run(flags, context) {
    const { values } = flags;
    const { io, diagnostics } = context;
    diagnostics.level = values.log;
    const defaults = await openDefaults(values.defaultsFilepath, io);
    const workload = await resolveWorkload(flags, defaults, context);
    const deployment = await resolveDeployment(flags, workload.horizonUs, defaults, context);
    if (values.metricsPath !== undefined) await io.checkWritable(values.metricsPath);
    const result = simulate(deployment, workload, context);
    const metrics = clusterMetrics(result);
    warnOfOutcome(result, metrics, deployment, diagnostics);
    const text = renderText(result, metrics, deployment);
    if (values.metricsPath !== undefined) {
      await io.writeFile(values.metricsPath, renderMetricsFile(result, metrics));
    }
    io.print(text);
    return 0;
  },
});

function simulate(deployment: Deployment, workload: ResolvedWorkload, { io }: Context): RunResult {
  const ids = new BlockIds();
  const { spec, timeoutUs, ...bounds } = workload;
  const source = generate(spec, {
    ...bounds,
    ids,
    keepTokens: needsTokens(deployment.instance.blockSize),
    ...(timeoutUs !== undefined && { timeoutUs }),
  });
  const progress = new ProgressLine(io, workload.maxRequests > 0 ? workload.maxRequests : Infinity);
  try {
    const onProgress = (nowUs: number, numArrived: number) => progress.update(nowUs, numArrived);
    return buildCluster(deployment, { source, ids, onProgress }).run();
  } finally {
    progress.end();
  }
}
