import { z } from "zod";
import { ConfigError } from "./internal/errors.ts";
import { isJsonObject, parseJsonObject } from "./internal/json_object.ts";
import { nearest } from "./internal/nearest.ts";

const figure = z.number().nonnegative();

/** What one GPU can do; 0 means "not stated". */
export const hardwareConfig = z.strictObject({
  tflopsPeak: figure.describe("dense 16-bit throughput in 10^12 FLOP/s"),
  tflopsFp8: figure.describe("dense 8-bit throughput in 10^12 FLOP/s; 0 = none"),
  bwPeakTBs: figure.describe("memory bandwidth in 10^12 bytes/s"),
  mfuPrefill: figure.describe("share of the peak throughput that prefill reaches"),
  mfuDecode: figure.describe("share of the peak throughput that decode reaches"),
  memoryGiB: figure.describe("memory in 2^30 bytes; 0 = unknown"),
});

/** See {@link hardwareConfig}. */
export type HardwareConfig = Readonly<z.infer<typeof hardwareConfig>>;

/**
 * The entry of one GPU in a hardware file: a JSON object of GPU name → figures. GPU names match
 * exactly, figures in any case; other keys are ignored, missing figures are 0.
 * Throws a ConfigError if the file is unreadable or does not know the GPU.
 */
export function readHardware(text: string, gpu: string, file: string): HardwareConfig {
  const table = parseJsonObject(text, "the hardware table", file);
  const entry = Object.hasOwn(table, gpu) ? table[gpu] : undefined;
  if (isJsonObject(entry)) return hardwareOf(entry, gpu, file);
  const known = Object.keys(table).sort((a, b) => a < b ? -1 : 1);
  const similar = nearest(gpu, known);
  const guess = similar === undefined ? "" : `did you mean "${similar}"? if not, `;
  throw new ConfigError(`Cannot find GPU "${gpu}" in the hardware table`, {
    file,
    hint: `${guess}use one of ${known.join(", ")}, or add "${gpu}" to a hardware file of your own`,
  });
}

function hardwareOf(entry: Record<string, unknown>, gpu: string, file: string): HardwareConfig {
  const values = new Map<string, number>();
  for (const [name, value] of Object.entries(entry)) {
    const key = name.toLowerCase();
    if (!FIGURES.has(key)) continue;
    if (typeof value !== "number" || value < 0) {
      const message = `Cannot use ${JSON.stringify(value)} for "${name}" of GPU "${gpu}"`;
      throw new ConfigError(`${message}: it must be a number >= 0`, {
        file,
        path: `${gpu}.${name}`,
      });
    }
    values.set(key, value);
  }
  const figureOf = (key: keyof HardwareConfig) => values.get(key.toLowerCase()) ?? 0;
  return {
    tflopsPeak: figureOf("tflopsPeak"),
    tflopsFp8: figureOf("tflopsFp8"),
    bwPeakTBs: figureOf("bwPeakTBs"),
    mfuPrefill: figureOf("mfuPrefill"),
    mfuDecode: figureOf("mfuDecode"),
    memoryGiB: figureOf("memoryGiB"),
  };
}

/** The figures' names in lower case. */
const FIGURES: ReadonlySet<string> = new Set(
  Object.keys(hardwareConfig.shape).map((key) => key.toLowerCase()),
);
