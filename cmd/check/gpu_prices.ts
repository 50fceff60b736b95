import { z } from "zod";
import type { GpuPrice } from "../../cluster/cost.ts";
import { embeddedGpuPrices } from "../../data/mod.ts";
import { parseDocument } from "../../sim/internal/document.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import { grouped } from "../cli.ts";
import type { Diagnostics } from "../diagnostics.ts";
import type { Io } from "../io.ts";

/** A file of prices: GPU name → figures. */
const priceFile = z.record(
  z.string(),
  z.strictObject({
    usdPerHour: z.number().nonnegative().optional().describe("USD per GPU and hour"),
    priceSource: z.string().optional(),
    priceDate: z.string().optional(),
    tdpWatts: z.number().positive().optional().describe("thermal design power"),
    tdpSource: z.string().optional(),
  }),
);

const FORM = /^([^=]+)=([0-9]+(?:\.[0-9]+)?)$/;

const ownPrice = z.string().transform((text, context) => {
  const [, gpu, usd] = FORM.exec(text) ?? [];
  if (gpu !== undefined && usd !== undefined) return { gpu, usdPerHour: Number(usd) };
  const message = "it must be a GPU and USD per hour, as in H100=2.5";
  context.issues.push({ code: "custom", input: text, message });
  return z.NEVER;
});

/** Prices of GPUs. */
export const priceOptions = grouped("Cost", {
  gpuPrice: z.array(ownPrice).default([]).meta({ placeholder: "gpu=usd" })
    .describe("USD per GPU and hour, as in H100=2.5, instead of the list price; once for each GPU"),
  gpuPriceFile: z.string().min(1).optional().meta({ placeholder: "path" })
    .describe("JSON file of prices, instead of the built-in list prices"),
});

/** Where a price comes from, for a reader. */
export interface SourcedPrice extends GpuPrice {
  readonly source: string;
}

/** The figures of a GPU by its name; NaN for what nobody states. */
export type GpuPrices = (gpu: string) => SourcedPrice;

/** Lays the prices of the flags over those of a file, or of the built-in list. */
export async function readPrices(
  { gpuPrice, gpuPriceFile: path }: z.output<z.ZodObject<typeof priceOptions>>,
  io: Io,
): Promise<GpuPrices> {
  const text = path === undefined ? embeddedGpuPrices() : await io.readText(path);
  const listed = parseDocument(text, path ?? "gpu_prices.json").decode(priceFile);
  return (gpu) => {
    const entry = Object.hasOwn(listed, gpu) ? listed[gpu] : undefined;
    const own = gpuPrice.findLast((price) => price.gpu === gpu);
    const { priceSource = path ?? "", priceDate } = entry ?? {};
    return {
      usdPerHour: own?.usdPerHour ?? entry?.usdPerHour ?? NaN,
      tdpWatts: entry?.tdpWatts ?? NaN,
      source: own !== undefined
        ? "--gpu-price"
        : entry === undefined
        ? "unknown"
        : `${priceSource}${priceDate === undefined ? "" : `, ${priceDate}`}`,
    };
  };
}

/** Warns of prices that stand on the command line for GPUs that nothing ran on. */
export function warnOfUnusedPrices(
  { gpuPrice }: Pick<z.output<z.ZodObject<typeof priceOptions>>, "gpuPrice">,
  usedGpus: readonly string[],
  diagnostics: Diagnostics,
): void {
  const unused = [...new Set(gpuPrice.map(({ gpu }) => gpu))]
    .filter((gpu) => !usedGpus.includes(gpu));
  for (const gpu of unused) {
    const similar = nearest(gpu, usedGpus);
    const hint = similar === undefined
      ? `what was priced: ${[...new Set(usedGpus)].join(", ")}`
      : `did you mean "${similar}"?`;
    diagnostics.warn(`The price of ${gpu} has no effect: nothing runs on it`, hint);
  }
}
