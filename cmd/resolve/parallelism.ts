import type { LatencyConfig, LatencyModelName } from "../../latency/mod.ts";
import { UsageError } from "../../sim/internal/errors.ts";
import type { Context } from "../cli.ts";

/** How a MoE model is spread beyond tensor parallelism. */
export interface Parallelism {
  readonly dp: number;
  readonly enableExpertParallel: boolean;
  readonly moeCommBackend?:
    | Extract<LatencyConfig, { mode: "trained-physics" }>["moeCommBackend"]
    | undefined;
}

/** What is spread, and how its steps are priced. */
export interface PricedModel {
  readonly mode: LatencyModelName;
  /** Its id. */
  readonly model: string;
  readonly isMoe: boolean;
}

/** Throws a UsageError for what vLLM refuses or `mode` cannot price; warns of what has no effect. */
export function checkParallelism(
  flags: Parallelism,
  { mode, model, isMoe }: PricedModel,
  { diagnostics }: Context,
): void {
  requirePricedParallelism(flags, mode);
  const { dp, enableExpertParallel, moeCommBackend } = flags;
  if (dp > 1 && !isMoe) {
    throw new UsageError(`Cannot use --dp ${dp} for "${model}": it is a dense model`, {
      flag: "--dp",
      hint: `use --num-instances ${dp}: vLLM serves dense replicas as independent engines`,
    });
  }
  if (enableExpertParallel && !isMoe) {
    throw new UsageError(`Cannot use --enable-expert-parallel for "${model}": it has no experts`, {
      flag: "--enable-expert-parallel",
      hint: "leave it out: vLLM refuses it, too",
    });
  }
  if (moeCommBackend === undefined || dp > 1) return;
  diagnostics.warn(
    `--moe-comm-backend has no effect ${isMoe ? "without --dp > 1" : "with a dense model"}`,
  );
}

/** Throws a UsageError if `flags` ask for what only trained-physics prices, and `mode` is another. */
export function requirePricedParallelism(
  { dp, enableExpertParallel, moeCommBackend }: Parallelism,
  mode: LatencyModelName,
): void {
  const flag = dp > 1
    ? `--dp ${dp}`
    : enableExpertParallel
    ? "--enable-expert-parallel"
    : moeCommBackend !== undefined
    ? `--moe-comm-backend ${moeCommBackend}`
    : undefined;
  if (flag === undefined || mode === "trained-physics") return;
  throw new UsageError(
    `Cannot use ${flag} with latency model "${mode}": it does not price how experts are spread`,
    { flag: flag.split(" ")[0]!, hint: "add --latency-model trained-physics" },
  );
}
