import { z } from "zod";
import { jsonText } from "../../sim/internal/number_format.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import type { Request } from "../../sim/request.ts";
import { generate } from "../../workload/generate.ts";
import { trafficOf } from "../../workload/traffic.ts";
import { summarizeTraffic } from "../../workload/traffic_summary.ts";
import { command, grouped } from "../cli.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { checkWorkloadFlags } from "../flag_rules.ts";
import { generalOptions, modelOptions, workloadOptions } from "../options.ts";
import { type ResolvedWorkload, resolveWorkload } from "../resolve/workload.ts";
import { type Traffic, trafficJson } from "./traffic_json.ts";
import { trafficText } from "./traffic_text.ts";

const options = z.strictObject({
  ...workloadOptions,
  workloadSpec: workloadOptions.workloadSpec
    .meta({ ...workloadOptions.workloadSpec.meta(), placeholder: "file", argument: true }),
  ...generalOptions,
  defaultsFilepath: modelOptions.defaultsFilepath
    .meta({ ...modelOptions.defaultsFilepath.meta(), group: "Workload" }),
  ...grouped("Description", {
    sample: z.int().positive().default(100_000).describe("requests to look at, at most"),
    assumedItlMs: z.number().nonnegative().default(10)
      .describe("ms a token that answers are taken to need, where clients wait for them"),
    output: z.enum(["text", "json"]).default("text").describe("what stdout gets"),
  }),
}).check(checkWorkloadFlags);

/** `blis workload describe`: shows what a workload will send, without a simulation. */
export const describe = command({
  name: "workload describe",
  summary: "Show the requests that a workload will send: rates, lengths, prefixes, sessions",
  options,
  examples: [
    ["clients.yaml", "What the clients of a file will send"],
    ["--workload chatbot --rate 20 --num-requests 2000", "A preset"],
    ["clients.yaml --seed 7 --output json", "Another sample of it, for a program"],
  ],
  permissions: () => ["read"],
  async run(flags, context) {
    const { values } = flags;
    context.diagnostics.level = values.log;
    const defaults = await openDefaults(values.defaultsFilepath, context.io);
    const workload = await resolveWorkload(flags, defaults, context);
    const traffic = sampleOf(workload, values);
    context.io.print(
      values.output === "json"
        ? `${jsonText(trafficJson(traffic))}\n`
        : trafficText(traffic, values.workloadSpec ?? values.workload),
    );
    return 0;
  },
});

/** The traffic of the first requests of a workload. */
function sampleOf(
  workload: ResolvedWorkload,
  limits: { readonly sample: number; readonly assumedItlMs: number },
): Traffic {
  const { spec, horizonUs, maxRequests, timeoutUs } = workload;
  const source = generate(spec, {
    horizonUs,
    maxRequests,
    keepTokens: false,
    ids: new BlockIds(),
    ...(timeoutUs !== undefined && { timeoutUs }),
  });
  const requests = trafficOf(source, limits.assumedItlMs * 1000);
  const sample: Request[] = [];
  let isComplete = false;
  while (sample.length < limits.sample && !isComplete) {
    const { value, done } = requests.next();
    if (done) isComplete = true;
    else sample.push(value);
  }
  if (!isComplete) isComplete = requests.next().done === true;
  const endsAtHorizon = isComplete && (maxRequests === 0 || sample.length < maxRequests);
  return {
    seed: spec.seed,
    isComplete,
    assumedItlMs: source.onFinished === undefined ? undefined : limits.assumedItlMs,
    summary: summarizeTraffic(sample, endsAtHorizon ? horizonUs : Infinity),
  };
}
