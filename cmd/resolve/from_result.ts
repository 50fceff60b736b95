import { ZodError } from "zod";
import { deploymentFromJson } from "../../cluster/config_json.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { resultDocument } from "../../cluster/result_document.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { loadWorkload } from "../../workload/load.ts";
import type { ResolvedWorkload } from "./workload.ts";

const HINT = "give a file that holds what --output json printed";

/** What the text of `--output json` simulated. Throws a ConfigError that names the file. */
export function readResult(
  text: string,
  file: string,
): { readonly deployment: Deployment; readonly workload: ResolvedWorkload } {
  const { config } = checked(file, () => resultDocument.parse(parseJson(text, file)));
  const { spec, horizon_us, max_requests, timeout_us } = config.workload;
  const { seed, ...rest } = spec as Record<string, unknown>;
  return {
    deployment: checked(file, () => deploymentFromJson(config.deployment)),
    workload: {
      spec: {
        ...loadWorkload(JSON.stringify(rest), file).spec,
        seed: BigInt(String(seed)),
      },
      horizonUs: typeof horizon_us === "number" ? horizon_us : Infinity,
      maxRequests: Number(max_requests),
      timeoutUs: timeout_us === null
        ? undefined
        : Number(timeout_us) < 0
        ? Infinity
        : Number(timeout_us),
    },
  };
}

/** What `read` yields; where the values are not those of a result, an error that names the first. */
function checked<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const { path, message } = error.issues[0]!;
    throw new ConfigError(`Cannot read ${file} as a result: ${path.join(".")}: ${message}`, {
      file,
      hint: HINT,
    });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`Cannot read ${file} as a result: ${(error as Error).message}`, {
      file,
      hint: HINT,
    });
  }
}
