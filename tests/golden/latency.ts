import { embeddedHardware } from "../../data/mod.ts";
import { isMoe } from "../../latency/architecture.ts";
import { type ModelFile, readModelFile } from "../../latency/hf_config.ts";
import { kvBytesPerToken, numKvBlocks, weightBytes } from "../../latency/kv_capacity.ts";
import { createLatencyModel, latencyConfig, type LatencyTarget } from "../../latency/mod.ts";
import { ropeMaxModelLen } from "../../latency/rope.ts";
import { weightBytesOfName } from "../../latency/weight_name.ts";
import { readHardware } from "../../sim/hardware.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import type { LatencyModel } from "../../sim/latency_model.ts";
import type { ModelConfig } from "../../sim/model.ts";
import { type StepEntry, stepOf } from "../fixtures/steps.ts";
import { type GoldenSuite, listGoldens, readGolden, type Tally } from "./harness.ts";
import { checkWorkedTable } from "./worked_table.ts";

interface StepFile {
  readonly backend: string;
  readonly alpha?: number[];
  readonly beta?: number[];
  readonly hardware?: unknown;
  readonly models?: { readonly name: string; readonly config: Record<string, number | string> }[];
  readonly rows: StepRow[];
}

interface StepRow {
  /** Model, GPU, and the batch. */
  readonly m: string;
  readonly g: string;
  readonly b: StepEntry[];
  readonly tp: number;
  readonly dp?: number;
  readonly comm?: string;
  readonly alpha?: number[];
  readonly beta?: number[];
  readonly us: number;
}

interface OverheadRow {
  readonly alpha: number[];
  readonly input_len: number;
  readonly [mode: string]: unknown;
}

interface HfCase {
  readonly name: string;
  readonly config_json: unknown;
  readonly model_config?: Record<string, number | string>;
  readonly model_config_error: string | null;
  readonly kv_params?: Record<string, unknown>;
  readonly kv_params_error: string | null;
  readonly roofline_validation_error_h100?: string | null;
  readonly weight_bytes?: number;
  readonly capacity: CapacityRow[] | null;
}

interface CapacityRow {
  readonly gpu: string;
  readonly tp: number;
  readonly dp: number;
  readonly block_size: number;
  readonly util: number;
  readonly blocks?: number;
  readonly error: string | null;
  readonly bytes_per_token?: number;
  readonly bytes_per_token_error: string | null;
}

/** Coefficients of which every mode takes as many as it needs. */
const UNUSED_COEFFICIENTS = [0, 0, 0, 0, 0, 0, 0];

/** An older version of trained-physics, which the program does not have. */
const LEFT_OUT = ["trained-physics-legacy.json"];

/** Step times, overheads, config.json readings, KV capacity, all exactly. */
export const latency: GoldenSuite = async (folder, tally) => {
  for (const name of listGoldens(folder)) {
    if (!name.endsWith(".json") || LEFT_OUT.includes(name)) continue;
    const golden = JSON.parse(await readGolden(folder, name));
    if ("backend" in golden) checkSteps(golden, name, tally);
    else if (name.startsWith("overheads")) checkOverheads(golden.rows, name, tally);
    else if (name === "hfconfig.json") checkHfConfigs(golden.cases, tally);
    else if (name === "rope.json") checkRope(golden.cases, tally);
    else if (name === "weight-name.json") checkWeightNames(golden.cases, tally);
    else if (name === "worked-table.json") await checkWorkedTable(golden, tally);
  }
};

function checkSteps(golden: StepFile, name: string, tally: Tally): void {
  const mode = golden.backend.replace(/-dp$/, "");
  const models = new Map(golden.models?.map(({ name, config }) => [name, modelOf(config)]));
  const hardware = JSON.stringify(golden.hardware ?? JSON.parse(embeddedHardware()));
  golden.rows.forEach((row, i) => {
    const { tp, dp = 1, comm, b, us } = row;
    const alpha = row.alpha ?? golden.alpha ?? UNUSED_COEFFICIENTS;
    const beta = row.beta ?? golden.beta ?? UNUSED_COEFFICIENTS;
    const model = models.get(row.m) ?? modelOf({});
    const target = { model, hardware: readHardware(hardware, row.g, name), tp, dp };
    const latencyModel = createModel(mode, { alpha, beta, comm }, target);
    tally.equal(latencyModel.stepUs(stepOf(b)), us, `${name} row ${i}`);
  });
}

function createModel(
  mode: string,
  { alpha, beta, comm }: { alpha: number[]; beta: number[]; comm?: string | undefined },
  target: LatencyTarget,
): LatencyModel {
  const config = latencyConfig.parse({
    mode,
    ...(mode !== "roofline" && { alpha, beta }),
    ...(comm !== undefined && { moeCommBackend: comm }),
  });
  return createLatencyModel(config, target);
}

/** The model with the architecture fields that a golden file states. */
function modelOf(config: Record<string, number | string>): ModelConfig {
  const number = (key: string) => Number(config[key] ?? 0);
  return {
    numLayers: number("num_hidden_layers"),
    hiddenSize: number("hidden_size"),
    numHeads: number("num_attention_heads"),
    numKvHeads: number("num_key_value_heads"),
    headDim: number("head_dim"),
    vocabSize: number("vocab_size"),
    tieWordEmbeddings: false,
    intermediateSize: number("intermediate_size"),
    hiddenAct: String(config.hidden_act ?? ""),
    bytesPerParam: number("bytes_per_param"),
    weightBytesPerParam: number("weight_bytes_per_param"),
    numExperts: number("num_local_experts"),
    numExpertsPerTok: number("num_experts_per_tok"),
    moeIntermediateSize: number("moe_intermediate_size"),
    sharedExpertIntermediateSize: number("shared_expert_intermediate_size"),
    interleaveMoeLayerStep: number("interleave_moe_layer_step"),
    intermediateSizeMlp: number("intermediate_size_mlp"),
    firstKDenseReplace: number("first_k_dense_replace"),
    kvLoraRank: number("kv_lora_rank"),
    qkRopeHeadDim: number("qk_rope_head_dim"),
  };
}

/** Some model and GPU that every mode accepts: overheads depend on neither. */
const ANY_TARGET: LatencyTarget = {
  model: modelOf({
    num_hidden_layers: 1,
    hidden_size: 1,
    num_attention_heads: 1,
    intermediate_size: 1,
    bytes_per_param: 1,
  }),
  hardware: readHardware(embeddedHardware(), "H100", "hardware.json"),
  tp: 1,
  dp: 1,
};

function checkOverheads(rows: OverheadRow[], name: string, tally: Tally): void {
  for (const { alpha, input_len: promptTokens, ...modes } of rows) {
    for (const [mode, want] of Object.entries(modes)) {
      // Roofline takes no coefficients here.
      if (mode === "roofline") continue;
      const model = createModel(mode, { alpha, beta: UNUSED_COEFFICIENTS }, ANY_TARGET);
      const got = {
        output_token: model.outputTokenUs,
        post_decode: model.postDecodeUs,
        queueing: model.queueingUs(promptTokens),
      };
      tally.equal(got, want, `${name} ${mode} α ${alpha} ${promptTokens} tokens`);
    }
  }
}

function checkHfConfigs(cases: HfCase[], tally: Tally): void {
  for (const golden of cases) {
    const file = attempt(() => readModelFile(JSON.stringify(golden.config_json), "", golden.name));
    tally.equal(file === REFUSED, golden.model_config_error !== null, `${golden.name} is refused`);
    if (file !== REFUSED) checkHfConfig(golden, file, tally);
  }
}

function checkHfConfig(golden: HfCase, { model, uncountable }: ModelFile, tally: Tally): void {
  const { name } = golden;
  const { tieWordEmbeddings: _, ...want } = modelOf(golden.model_config!);
  const { tieWordEmbeddings, ...got } = model;
  tally.check(
    Object.entries(want).every(([key, value]) => Object.is(got[key as keyof typeof got], value)),
    () => `${name}: want ${JSON.stringify(want)} got ${JSON.stringify(got)}`,
  );
  tally.equal(uncountable !== "", golden.kv_params_error !== null, `${name} is uncountable`);
  if (golden.kv_params) {
    const moe = isMoe(model);
    const kvParams = {
      hidden_act: model.hiddenAct,
      is_moe: moe,
      moe_expert_ffn_dim: moe ? model.moeIntermediateSize : 0,
      num_local_experts: model.numExperts,
      shared_expert_ffn_dim: moe ? model.sharedExpertIntermediateSize : 0,
      tie_word_embeddings: tieWordEmbeddings,
    };
    tally.equal(kvParams, golden.kv_params, `${name} KV parameters`);
  }
  const roofline = attempt(() =>
    createModel("roofline", NO_COEFFICIENTS, { ...ANY_TARGET, model })
  );
  const refused = golden.roofline_validation_error_h100 !== null;
  tally.equal(roofline === REFUSED, refused, `${name}: roofline refuses it`);
  if (golden.weight_bytes !== undefined) {
    tally.equal(weightBytes(model), golden.weight_bytes, `${name} weights`);
  }
  for (const row of golden.capacity ?? []) checkCapacity(row, model, name, tally);
}

const NO_COEFFICIENTS = { alpha: [], beta: [] };

function checkCapacity(row: CapacityRow, model: ModelConfig, name: string, tally: Tally): void {
  const { gpu, tp, dp, block_size: blockSize, util: gpuMemoryUtilization } = row;
  const hardware = readHardware(embeddedHardware(), gpu, "hardware.json");
  const budget = { hardware, tp, dp, blockSize, gpuMemoryUtilization };
  const what =
    `${name} on ${gpu} tp ${tp} dp ${dp} block ${blockSize} util ${gpuMemoryUtilization}`;
  const blocks = attempt(() => numKvBlocks(model, budget));
  tally.equal(blocks, row.error === null ? row.blocks : REFUSED, `${what}: blocks`);
  const bytes = attempt(() => kvBytesPerToken(model, tp));
  const wantBytes = row.bytes_per_token_error === null ? row.bytes_per_token : REFUSED;
  tally.equal(bytes, wantBytes, `${what}: bytes of a token`);
}

/** Stands for the result of a call that threw a ConfigError. */
const REFUSED = "refused";

function attempt<T>(call: () => T): T | typeof REFUSED {
  try {
    return call();
  } catch (error) {
    if (error instanceof ConfigError) return REFUSED;
    throw error;
  }
}

function checkRope(cases: Record<string, unknown>[], tally: Tally): void {
  for (const { applied: scaled, scaled: tokens, ...source } of cases) {
    const got = ropeMaxModelLen({
      maxPositionEmbeddings: Number(source.max_position_embeddings),
      modelType: String(source.model_type),
      ropeScaling: source.rope_scaling,
    });
    tally.equal(got, { tokens, scaled }, `rope ${JSON.stringify(source)}`);
  }
}

function checkWeightNames(cases: { name: string; bytes: number }[], tally: Tally): void {
  for (const { name, bytes } of cases) {
    tally.equal(weightBytesOfName(name), bytes, `weights of ${name}`);
  }
}
