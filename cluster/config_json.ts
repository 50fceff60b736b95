import { ZodError } from "zod";
import { type Deployment, deployment } from "./deployment.ts";

/** Values whose keys are names of the user's, not ours. */
const MAPS: ReadonlySet<string> = new Set(["sloPriorities", "tenantBudgets", "fitnessWeights"]);

/** A deployment as JSON values: snake_case keys, the seed as text since it has 64 bits, no horizon as null. */
export function deploymentToJson(given: Deployment): Record<string, unknown> {
  const plain = {
    ...given,
    seed: String(given.seed),
    horizonUs: given.horizonUs === Infinity ? null : given.horizonUs,
  };
  return renamed(plain, snakeCase) as Record<string, unknown>;
}

/** The deployment that `deploymentToJson` wrote. Throws a ZodError with paths in the JSON if it is none. */
export function deploymentFromJson(json: Readonly<Record<string, unknown>>): Deployment {
  const plain = renamed(json, camelCase) as Record<string, unknown>;
  const parsed = deployment.safeParse({
    ...plain,
    seed: typeof plain.seed === "string" ? BigInt(plain.seed) : plain.seed,
    horizonUs: plain.horizonUs ?? Infinity,
  });
  if (parsed.success) return parsed.data;
  throw new ZodError(
    parsed.error.issues.map((issue) => ({
      ...issue,
      path: jsonPath(issue.path),
      ...(issue.code === "unrecognized_keys" && { keys: issue.keys.map(snakeCase) }),
    })),
  );
}

function jsonPath(path: readonly PropertyKey[]): PropertyKey[] {
  const map = path.findIndex((step) => MAPS.has(String(step)));
  return path.map((step, i) =>
    typeof step !== "string" || (map >= 0 && i > map) ? step : snakeCase(step)
  );
}

function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      rename(key),
      MAPS.has(camelCase(key)) ? item : renamed(item, rename),
    ]),
  );
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}
