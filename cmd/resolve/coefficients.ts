import { type LatencyConfig, latencyConfig, type LatencyModelName } from "../../latency/mod.ts";
import { ConfigError, UsageError } from "../../sim/internal/errors.ts";
import { PARSED_ONCE } from "../../sim/internal/parse_once.ts";
import type { Defaults, FittedCoefficients } from "./defaults_file.ts";

/** Which model on which GPUs coefficients are looked up for. */
export interface CoefficientKey {
  readonly model: string;
  readonly gpu: string;
  readonly tp: number;
  readonly vllmVersion: string;
}

/** Coefficients given by flags; undefined = to be looked up. */
export interface GivenCoefficients {
  readonly alphaCoeffs?: readonly number[] | undefined;
  readonly betaCoeffs?: readonly number[] | undefined;
}

/** The section of the defaults file that holds the coefficients of a mode for all models. */
const SECTIONS = {
  crossmodel: "crossmodel_defaults",
  "trained-roofline": "trained_roofline_defaults",
  "trained-physics": "trained_physics_coefficients",
} as const;

/** A latency mode with its coefficients, from the flags or else from the defaults file. */
export function resolveLatency(
  mode: LatencyModelName,
  given: GivenCoefficients,
  key: CoefficientKey,
  defaults: Defaults,
): LatencyConfig {
  if (mode === "roofline") return { mode };
  const { alphaCoeffs: alpha, betaCoeffs: beta } = given;
  if (alpha !== undefined && beta !== undefined) return checked(mode, [...alpha], [...beta], true);
  const fitted = mode === "blackbox" ? fittedFor(key, defaults) : defaults.section(SECTIONS[mode]);
  if (fitted === undefined || fitted.beta_coeffs.every((value) => value === 0)) {
    throw noCoefficients(mode, key, defaults);
  }
  return checked(mode, fitted.alpha_coeffs, fitted.beta_coeffs, false);
}

function fittedFor(key: CoefficientKey, defaults: Defaults): FittedCoefficients | undefined {
  return defaults.section("models").find((entry) =>
    entry.id === key.model && entry.GPU === key.gpu && entry.tensor_parallelism === key.tp &&
    entry.vllm_version === key.vllmVersion
  );
}

function checked(
  mode: LatencyModelName,
  alpha: number[],
  beta: number[],
  fromFlags: boolean,
): LatencyConfig {
  const result = latencyConfig.safeParse({ mode, alpha, beta }, PARSED_ONCE);
  if (result.success) return result.data;
  const list = result.error.issues[0]!.path[0] === "alpha" ? "alpha" : "beta";
  const indexes = result.error.issues.filter(({ path }) => path[0] === list)
    .map(({ path }) => Number(path[1]));
  const have = (list === "alpha" ? alpha : beta).length;
  const message = `Latency model "${mode}" needs ${Math.max(...indexes) + 1} ${list} ` +
    `coefficients >= 0, got ${have}`;
  throw fromFlags
    ? new UsageError(message, { flag: `--${list}-coeffs` })
    : new ConfigError(message, { hint: `correct the defaults file or give --${list}-coeffs` });
}

function noCoefficients(
  mode: LatencyModelName,
  { model, gpu, tp, vllmVersion }: CoefficientKey,
  { file = "the built-in defaults" }: Defaults,
): UsageError {
  const what = mode === "blackbox"
    ? `model "${model}" on ${tp} x ${gpu || "no GPU"} with vLLM "${vllmVersion}"`
    : "it";
  return new UsageError(`Latency model "${mode}" has no coefficients for ${what} in ${file}`, {
    flag: "--latency-model",
    hint: "give --alpha-coeffs and --beta-coeffs, or use another --latency-model",
  });
}
