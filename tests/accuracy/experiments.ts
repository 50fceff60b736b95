import { stageRequests, workloads } from "./workloads.ts";

/** Metrics that are compared, by their name in the column `metric`, and their key in our output. */
export const METRICS = {
  ttft_mean: "ttft_mean_ms",
  ttft_p99: "ttft_p99_ms",
  itl_mean: "itl_mean_ms",
  e2e_mean: "e2e_mean_ms",
  e2e_p99: "e2e_p99_ms",
} as const;

export type Metric = keyof typeof METRICS;

/** Milliseconds of some of the metrics. */
export type Figures = Readonly<Partial<Record<Metric, number>>>;

/** One measured experiment: what ran, what was measured, what others predicted. */
export interface Experiment {
  readonly id: string;
  readonly model: string;
  readonly workload: string;
  readonly hardware: string;
  readonly tp: string;
  readonly maxNumBatchedTokens: string;
  readonly gpuMemoryUtilization: string;
  /** Over the requests of all stages. */
  readonly measured: Figures;
  /** Figures of the stages, averaged by their requests: other than `measured` in percentiles. */
  readonly stageMeans: Figures;
  /** Simulator → over the requests of all stages. */
  readonly predicted: Readonly<Record<string, Figures>>;
}

/** Reads experiments.csv; its fields hold no commas. */
export function readExperiments(csv: string): Experiment[] {
  const [head, ...lines] = csv.trim().split("\n").map((line) => line.trim().split(","));
  const rows = lines.map((cells) => Object.fromEntries(head!.map((name, i) => [name, cells[i]!])));
  const ids = [...new Set(rows.map((row) => row.exp_id!))];
  return ids.map((id) => experimentOf(rows.filter((row) => row.exp_id === id)));
}

type Row = Readonly<Record<string, string>>;

function experimentOf(rows: readonly Row[]): Experiment {
  const first = rows[0]!;
  const simulators = Object.keys(first).filter((name) => name.startsWith("pred_"));
  return {
    id: first.exp_id!,
    model: first.model!,
    workload: first.workload!,
    hardware: first.hardware!.replace("A100-80GB", "A100-80"),
    tp: first.tp!,
    maxNumBatchedTokens: first.max_num_batched_tokens!,
    gpuMemoryUtilization: first.gpu_mem_util!,
    measured: figures(rows, "-1", "actual_ms"),
    stageMeans: stageMeans(rows, stageRequests(workloads[first.workload!]!)),
    predicted: Object.fromEntries(
      simulators.map((name) => [
        name.replace(/^pred_(blis-)?/, "published "),
        figures(rows, "-1", name),
      ]),
    ),
  };
}

/** The metrics in one column of the rows of a stage; -1 = all stages. */
function figures(rows: readonly Row[], stage: string, column: string): Figures {
  return Object.fromEntries(
    rows
      .filter((row) => row.stage_index === stage && row.metric! in METRICS && row[column] !== "")
      .map((row) => [row.metric, Number(row[column])]),
  );
}

function stageMeans(rows: readonly Row[], requests: readonly number[]): Figures {
  const total = requests.reduce((a, b) => a + b, 0);
  const stages = requests.map((_, stage) => figures(rows, String(stage), "actual_ms"));
  const mean = (metric: Metric) =>
    stages.reduce((sum, stage, i) => sum + stage[metric]! * requests[i]! / total, 0);
  return Object.fromEntries((Object.keys(METRICS) as Metric[]).map((name) => [name, mean(name)]));
}
