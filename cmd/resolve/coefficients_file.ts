import { z } from "zod";
import { parseDocument, toYaml } from "../../sim/internal/document.ts";
import type { GivenCoefficients } from "./coefficients.ts";
import type { Io } from "../io.ts";

const coefficients = z.tuple([z.number(), z.number(), z.number()], z.number());

/** What `calibrate --fit` writes and `--coefficients` takes; all but the coefficients is for people. */
export const coefficientsFile = z.strictObject({
  latency_model: z.literal("blackbox"),
  alpha_coeffs: coefficients.describe("µs before the queue, per prompt token, per output token"),
  beta_coeffs: coefficients.describe("µs per step, per prefill token, per decode"),
  model: z.string().optional(),
  gpu: z.string().optional(),
  tp: z.int().optional(),
  trace: z.string().optional().describe("what they were fitted to"),
  training_requests: z.int().optional(),
  held_out_requests: z.int().optional(),
  held_out_ttft_mape: z.number().optional().describe("error on requests that the fit did not see"),
  held_out_e2e_mape: z.number().optional(),
});

/** See {@link coefficientsFile}. */
export type CoefficientsFile = z.infer<typeof coefficientsFile>;

/** Fitted coefficients as the text of a file. */
export function coefficientsText(content: CoefficientsFile): string {
  return toYaml(content);
}

/** Flags with the coefficients that their file names, if they name one. */
export async function withCoefficients<
  T extends GivenCoefficients & { readonly coefficients?: string | undefined },
>(flags: T, io: Io): Promise<T> {
  const { coefficients: path } = flags;
  if (path === undefined) return flags;
  const { alpha_coeffs: alphaCoeffs, beta_coeffs: betaCoeffs, latency_model: latencyModel } =
    parseDocument(await io.readText(path), path).decode(coefficientsFile);
  return { ...flags, latencyModel, alphaCoeffs, betaCoeffs };
}
