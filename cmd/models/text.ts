import { type LatencyModelName, latencyModels } from "../../latency/mod.ts";
import { namesOf } from "../../sim/internal/registry.ts";
import type { ModelConfig } from "../../sim/model.ts";
import type { CoefficientKey } from "../resolve/coefficients.ts";
import { kindOf, type ModelFacts } from "./facts.ts";
import { stepName } from "./sample_steps.ts";
import { textTable } from "../table.ts";

/** Stands for a figure that nobody states. */
export const UNKNOWN = "-";

/** A model as it is shown. */
export interface ShownModel {
  readonly key: CoefficientKey;
  readonly config: ModelConfig;
  /** Where its config.json was found. */
  readonly configFile: string;
  readonly maxModelLen: number;
  readonly blockSize: number;
  readonly facts: ModelFacts;
}

/** A count in 10^9, with two digits. */
export function billions(count: number | undefined): string {
  return count === undefined ? UNKNOWN : (count / 1e9).toFixed(2);
}

/** Bytes in 2^30, with two digits. */
export function gib(bytes: number | undefined): string {
  return bytes === undefined ? UNKNOWN : (bytes / 2 ** 30).toFixed(2);
}

/** What `blis models show` prints. */
export function modelText(shown: ShownModel): string {
  const { key, facts } = shown;
  const sections = [
    `${key.model} on ${key.tp} x ${key.gpu}\n\n${textTable(figuresOf(shown))}`,
    facts.placements.length > 0 && `Fewest GPUs that hold it\n${placementTable(facts)}`,
    `Step time in ms\n${priceTable(facts)}`,
    facts.problems.length > 0 &&
    `Not known\n${facts.problems.map((problem) => `- ${problem}\n`).join("")}`,
  ];
  return sections.filter((section) => section !== false).join("\n");
}

/** The same as JSON values. */
export function modelJson({ key, config, facts, ...shown }: ShownModel): Record<string, unknown> {
  return {
    model: key.model,
    gpu: key.gpu,
    tp: key.tp,
    config_file: shown.configFile,
    num_layers: config.numLayers,
    hidden_size: config.hiddenSize,
    num_heads: config.numHeads,
    num_kv_heads: config.numKvHeads,
    num_experts: config.numExperts,
    num_experts_per_tok: config.numExpertsPerTok,
    parameters: facts.parameters ?? null,
    weight_bytes: facts.weightBytes ?? null,
    max_model_len: shown.maxModelLen || null,
    kv_bytes_per_token: facts.kvBytesPerToken ?? null,
    block_size: shown.blockSize,
    kv_blocks: facts.kvBlocks ?? null,
    placements: facts.placements.map(({ gpu, tp, kvBlocks }) => ({
      gpu,
      tp: tp || null,
      kv_blocks: tp > 0 ? kvBlocks : null,
    })),
    steps: facts.prices.map(({ step, us }) => ({
      prompt_tokens: step.promptTokens,
      num_decode: step.numDecode,
      context_tokens: step.contextTokens,
      step_us: Object.fromEntries(us),
    })),
    problems: facts.problems,
  };
}

function figuresOf({ config, configFile, maxModelLen, blockSize, facts }: ShownModel): string[][] {
  const { kvBlocks, kvBytesPerToken } = facts;
  const { numLayers, hiddenSize, numHeads, numKvHeads, kvLoraRank } = config;
  const kvHeads = kvLoraRank > 0 ? "MLA" : `${numKvHeads} KV heads`;
  const rows = [
    ["config", configFile],
    [
      "architecture",
      `${kindOf(config)}; ${numLayers} layers of ${hiddenSize}, ${numHeads} heads, ${kvHeads}`,
    ],
    ["parameters (10^9)", billions(facts.parameters)],
    ["weights (GiB)", gib(facts.weightBytes)],
    ["longest sequence", maxModelLen > 0 ? `${maxModelLen} tokens` : UNKNOWN],
    ["KV of a token", kvBytesPerToken === undefined ? UNKNOWN : `${kvBytesPerToken} bytes a GPU`],
    [
      "KV blocks",
      kvBlocks === undefined
        ? UNKNOWN
        : `${kvBlocks} of ${blockSize} tokens: ${kvBlocks * blockSize} tokens`,
    ],
  ];
  const width = Math.max(...rows.map(([label]) => label!.length));
  return rows.map(([label, value]) => [`${label!.padEnd(width)}  ${value}`]);
}

function placementTable({ placements }: ModelFacts): string {
  const rows = placements.map(({ gpu, tp, kvBlocks }) =>
    tp > 0 ? [gpu, String(tp), String(kvBlocks)] : [gpu, UNKNOWN, UNKNOWN]
  );
  return textTable([["GPU", "tp", "KV blocks"], ...rows]);
}

function priceTable({ prices }: ModelFacts): string {
  const modes: LatencyModelName[] = namesOf(latencyModels).filter((mode) =>
    prices[0]!.us.has(mode)
  );
  if (modes.length === 0) return `${UNKNOWN}\n`;
  const rows = prices.map(({ step, us }) => [
    stepName(step),
    ...modes.map((mode) => (us.get(mode)! / 1000).toFixed(2)),
  ]);
  return textTable([["step", ...modes], ...rows]);
}
