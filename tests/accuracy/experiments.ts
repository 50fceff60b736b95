/** Metrics that are compared, by their name in the column `metric`, and their key in our output. */
export const METRICS = {
  ttft_mean: "ttft_mean_ms",
  ttft_p99: "ttft_p99_ms",
  itl_mean: "itl_mean_ms",
  e2e_mean: "e2e_mean_ms",
  e2e_p99: "e2e_p99_ms",
} as const;

export type Metric = keyof typeof METRICS;

/** One measured experiment: what ran, what was measured, what others predicted. */
export interface Experiment {
  readonly id: string;
  readonly model: string;
  readonly workload: string;
  readonly hardware: string;
  readonly tp: string;
  readonly maxNumBatchedTokens: string;
  readonly gpuMemoryUtilization: string;
  /** Means over the stages in ms. */
  readonly measured: Partial<Record<Metric, number>>;
  /** Simulator → the same. */
  readonly predicted: Readonly<Record<string, Partial<Record<Metric, number>>>>;
}

/** Reads experiments.csv; its fields hold no commas. */
export function readExperiments(csv: string): Experiment[] {
  const [head, ...lines] = csv.trim().split("\n").map((line) => line.trim().split(","));
  const rows = lines.map((cells) => Object.fromEntries(head!.map((name, i) => [name, cells[i]!])));
  const ids = [...new Set(rows.map((row) => row.exp_id!))];
  return ids.map((id) => experimentOf(rows.filter((row) => row.exp_id === id)));
}

function experimentOf(rows: Record<string, string>[]): Experiment {
  const first = rows[0]!;
  const means = rows.filter((row) => row.stage_index === "-1" && row.metric! in METRICS);
  const column = (name: string) =>
    Object.fromEntries(
      means.filter((row) => row[name] !== "").map((row) => [row.metric, Number(row[name])]),
    );
  const simulators = Object.keys(first).filter((name) => name.startsWith("pred_"));
  return {
    id: first.exp_id!,
    model: first.model!,
    workload: first.workload!,
    hardware: first.hardware!.replace("A100-80GB", "A100-80"),
    tp: first.tp!,
    maxNumBatchedTokens: first.max_num_batched_tokens!,
    gpuMemoryUtilization: first.gpu_mem_util!,
    measured: column("actual_ms"),
    predicted: Object.fromEntries(
      simulators.map((name) => [name.replace(/^pred_(blis-)?/, "published "), column(name)]),
    ),
  };
}
