import { z, ZodError } from "zod";
import { deploymentFromJson } from "../../cluster/config_json.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { parseDocument } from "../../sim/internal/document.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { parseJson } from "../../sim/internal/json_file.ts";
import { loadWorkload } from "../../workload/load.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import type { ResolvedWorkload } from "./workload.ts";

const HINT = "give a file that `blis run --output json` printed";

const seed = z.string().regex(/^-?[0-9]{1,19}$/, "it must be a whole number as text");
const spec = z.looseObject({ seed });
const deploymentPart = z.looseObject({ seed });

const anyResult = z.looseObject({ config: z.looseObject({}) });
const replayResult = z.looseObject({
  config: z.looseObject({
    workload: z.looseObject({ trace_header: z.string(), trace_data: z.string() }),
  }),
});
const runResult = z.looseObject({
  config: z.strictObject({
    deployment: deploymentPart,
    workload: z.strictObject({
      spec,
      horizon_us: z.number().positive().nullish(),
      max_requests: z.int().nonnegative(),
      timeout_us: z.number().nullish(),
    }),
  }),
});

/** What the text of `--output json` simulated. Throws a ConfigError that points into the file. */
export function readResult(
  text: string,
  file: string,
): { readonly deployment: Deployment; readonly workload: ResolvedWorkload } {
  const place = { what: "a result", file };
  refuseOthers(parseJson(text, z.unknown(), place), file);
  const { config } = parseJson(text, runResult, place);
  const { spec, horizon_us, max_requests, timeout_us } = config.workload;
  return {
    deployment: readDeployment(config.deployment, text, file),
    workload: {
      spec: readSpec(spec, file),
      horizonUs: horizon_us ?? Infinity,
      maxRequests: max_requests,
      timeoutUs: timeout_us == null ? undefined : timeout_us < 0 ? Infinity : timeout_us,
    },
  };
}

/** Other commands print documents that look alike. */
function refuseOthers(value: unknown, file: string): void {
  const { data } = replayResult.safeParse(value);
  if (data !== undefined) {
    const { trace_header, trace_data } = data.config.workload;
    const files = `--trace-header ${trace_header} --trace-data ${trace_data}`;
    const hint = `blis replay ${files} and its other flags run it again`;
    throw new ConfigError(`${file} is the result of a replay, not of a run`, { file, hint });
  }
  if (anyResult.safeParse(value).success) return;
  throw new ConfigError(`${file} does not say what was run`, { file, hint: HINT });
}

function readDeployment(
  json: Readonly<Record<string, unknown>>,
  text: string,
  file: string,
): Deployment {
  try {
    return deploymentFromJson(json);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const issue = error.issues[0]!;
    const path = ["config", "deployment", ...issue.path];
    throw parseDocument(text, file).issueError({ ...issue, path });
  }
}

function readSpec({ seed, ...rest }: z.infer<typeof spec>, file: string): WorkloadSpec {
  try {
    return { ...loadWorkload(JSON.stringify(rest), file).spec, seed: BigInt(seed) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The place would be one in the part that was read alone.
    throw new ConfigError(`${error.message}, in config.workload.spec`, { file });
  }
}
