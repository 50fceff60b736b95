import { z } from "zod";
import { jsonText } from "../../sim/internal/number_format.ts";
import { command } from "../cli.ts";
import {
  HARDWARE_FIGURES,
  type HardwareFigure,
  readEstimates,
  readGpus,
} from "../resolve/gpu_table.ts";
import { findHardware, type NamedText } from "../resolve/model_files.ts";
import { modelOptions } from "../options.ts";
import { textTable } from "../table.ts";

const options = z.strictObject({
  hardwareConfig: modelOptions.hardwareConfig,
  output: z.enum(["text", "json"]).default("text").describe("what stdout gets"),
});

const HEADINGS: Readonly<Record<HardwareFigure, string>> = {
  tflopsPeak: "16-bit TFLOP/s",
  tflopsFp8: "8-bit TFLOP/s",
  bwPeakTBs: "TB/s",
  mfuPrefill: "prefill MFU",
  mfuDecode: "decode MFU",
  memoryGiB: "GiB",
};

const JSON_KEYS: Readonly<Record<HardwareFigure, string>> = {
  tflopsPeak: "tflops_peak",
  tflopsFp8: "tflops_fp8",
  bwPeakTBs: "bw_peak_tb_per_s",
  mfuPrefill: "mfu_prefill",
  mfuDecode: "mfu_decode",
  memoryGiB: "memory_gib",
};

/** `blis hardware`: lists the GPUs and their figures. */
export const hardware = command({
  name: "hardware",
  summary: "List the GPUs with their figures",
  options,
  examples: [["--output json", "For a program"]],
  permissions: () => ["read"],
  async run({ values }, context) {
    const table = await findHardware(values, context);
    context.io.print(values.output === "json" ? jsonOf(table) : textOf(table));
    return 0;
  },
});

/** A figure of 0 is not stated, or the GPU has no such unit. */
function textOf({ text, file }: NamedText): string {
  const estimates = readEstimates(text, file);
  const cells = [...readGpus(text, file)].map(([name, figures]) => [
    name,
    ...HARDWARE_FIGURES.map((figure) =>
      (figures[figure] === 0 ? "-" : String(figures[figure])) +
      (estimates.get(name)!.has(figure) ? "*" : " ")
    ),
  ]);
  const header = ["GPU", ...HARDWARE_FIGURES.map((figure) => `${HEADINGS[figure]} `)];
  const hasEstimates = [...estimates.values()].some(({ size }) => size > 0);
  return textTable([header, ...cells]) + (hasEstimates ? "* estimate\n" : "");
}

function jsonOf({ text, file }: NamedText): string {
  const estimates = readEstimates(text, file);
  const gpus = [...readGpus(text, file)].map(([gpu, figures]) => ({
    gpu,
    ...Object.fromEntries(
      HARDWARE_FIGURES.map((figure) => [JSON_KEYS[figure], figures[figure] || null]),
    ),
    estimated: [...estimates.get(gpu)!].map((figure) => JSON_KEYS[figure]),
  }));
  return `${jsonText({ gpus })}\n`;
}
