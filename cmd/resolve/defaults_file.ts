import { z } from "zod";
import { embeddedDefaults, yamlSection } from "../../data/mod.ts";
import { parseDocument } from "../../sim/internal/document.ts";
import { preset } from "../../workload/presets.ts";
import type { Io } from "../io.ts";

const coefficients = z.array(z.number()).default([]);
const fitted = z.strictObject({ alpha_coeffs: coefficients, beta_coeffs: coefficients })
  .prefault({});
const text = z.string().default("");

/** The content of a defaults file; a section that is missing is empty. */
export const defaultsFile = z.strictObject({
  version: text,
  defaults: z.record(
    z.string(),
    z.strictObject({
      GPU: text,
      tensor_parallelism: z.int().default(0),
      vllm_version: text,
      hf_repo: text,
    }),
  ).default({}),
  workloads: z.record(z.string(), preset).default({}),
  models: z.array(z.strictObject({
    id: text,
    GPU: text,
    tensor_parallelism: z.int().default(0),
    vllm_version: text,
    best_loss: z.number().default(0),
    alpha_coeffs: coefficients,
    beta_coeffs: coefficients,
  })).default([]),
  crossmodel_defaults: fitted,
  trained_roofline_defaults: fitted,
  trained_physics_coefficients: fitted,
  lora: z.strictObject({
    load_base_latency_us: z.number().default(0),
    load_bandwidth_bytes_us: z.number().default(0),
    footprint_bytes_per_rank: z.number().default(0),
    step_overhead_tiers: z.record(
      z.string(),
      z.strictObject({ k6: z.number().default(0), k7: z.number().default(0) }),
    ).default({}),
  }).prefault({}),
  kv_offload_devices: z.record(
    z.string(),
    z.strictObject({
      read_bandwidth: z.number().default(0),
      write_bandwidth: z.number().default(0),
      base_latency: z.number().default(0),
    }),
  ).default({}),
});

type Sections = z.infer<typeof defaultsFile>;

/** Coefficients of a latency mode. */
export type FittedCoefficients = z.infer<typeof fitted>;

/** A defaults file, read section by section. */
export interface Defaults {
  /** Its path; undefined for the built-in one. */
  readonly file: string | undefined;
  section<K extends keyof Sections>(name: K): Sections[K];
}

/**
 * The defaults file at `path`, checked as a whole; without a path the built-in one, of which each
 * section is parsed when it is asked for, since all of it takes longer than a short run.
 */
export async function openDefaults(path: string | undefined, io: Io): Promise<Defaults> {
  if (path === undefined) return builtIn();
  const content = parseDocument(await io.readText(path), path).decode(defaultsFile);
  return { file: path, section: (name) => content[name] };
}

function builtIn(): Defaults {
  return {
    file: undefined,
    section(name) {
      const yaml = yamlSection(embeddedDefaults(), name);
      return parseDocument(yaml === "" ? "{}" : yaml, "defaults.yaml").decode(defaultsFile)[name];
    },
  };
}
