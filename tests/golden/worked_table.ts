import { load } from "js-yaml";
import {
  embeddedDefaults,
  embeddedHardware,
  embeddedModelConfig,
  yamlSection,
} from "../../data/mod.ts";
import { createLatencyModel, type LatencyConfig, latencyConfig } from "../../latency/mod.ts";
import { readModelFile } from "../../latency/hf_config.ts";
import { readHardware } from "../../sim/hardware.ts";
import { type StepEntry, stepOf } from "../fixtures/steps.ts";
import type { Tally } from "./harness.ts";

/** Step times of shipped models with the shipped coefficients, by notations such as `32xD512`. */
export interface WorkedTable {
  readonly rows: readonly (Record<string, string | number> & {
    readonly model: string;
    readonly gpu: string;
    readonly tp: number;
    readonly batch: string;
  })[];
  readonly blackbox_rows: readonly (Record<string, string | number> & {
    readonly model: string;
    readonly gpu: string;
    readonly tp: number;
    readonly vllm: string;
  })[];
}

interface Coefficients {
  readonly alpha_coeffs: number[];
  readonly beta_coeffs: number[];
}

const SECTIONS = {
  crossmodel: "crossmodel_defaults",
  "trained-roofline": "trained_roofline_defaults",
  "trained-physics": "trained_physics_coefficients",
};

/** Checks the table against data/: the model configs, the GPUs and the coefficients. */
export async function checkWorkedTable(table: WorkedTable, tally: Tally): Promise<void> {
  for (const { model, gpu, tp, batch, ...row } of table.rows) {
    const file = readModelFile((await embeddedModelConfig(model))!, model, model);
    const hardware = readHardware(embeddedHardware(), gpu, "hardware.json");
    for (const mode of ["roofline", ...Object.keys(SECTIONS)]) {
      const latency = createLatencyModel(shipped(mode), { model: file.model, hardware, tp, dp: 1 });
      tally.equal(
        latency.stepUs(stepOf(batchOf(batch))),
        row[mode],
        `${model} on ${gpu} tp ${tp}: ${batch} by ${mode}`,
      );
    }
  }
}

function shipped(mode: string): LatencyConfig {
  if (mode === "roofline") return { mode };
  const section = SECTIONS[mode as keyof typeof SECTIONS];
  const defaults = load(yamlSection(embeddedDefaults(), section)) as Record<string, Coefficients>;
  const { alpha_coeffs: alpha, beta_coeffs: beta } = defaults[section]!;
  return latencyConfig.parse({ mode, alpha, beta });
}

/** `P256` prefill, `D512` decode at 512 tokens, `C8192@4096+2048` chunk; `32x` repeats, `+` joins. */
function batchOf(notation: string): StepEntry[] {
  if (notation === "empty") return [];
  return [...notation.matchAll(/(?:(\d+)x)?(?:C(\d+)@(\d+)\+(\d+)|([PD])(\d+))/g)].flatMap(
    ([, repeat = "1", prompt, past, granted, kind, tokens]) => {
      const entry: StepEntry = kind === undefined
        ? [Number(prompt), Number(past), Number(granted), 1]
        : kind === "P"
        ? [Number(tokens), 0, Number(tokens), 1]
        : [0, Number(tokens), 1, 1];
      return Array<StepEntry>(Number(repeat)).fill(entry);
    },
  );
}
