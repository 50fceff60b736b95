/** A load of the measured experiments: prompt = prefix + question tokens → output tokens. */
export interface MeasuredWorkload {
  readonly prefixTokens: number;
  readonly questionTokens: number;
  readonly outputTokens: number;
  /** Requests per second and seconds of each stage. */
  readonly stages: readonly { readonly rate: number; readonly seconds: number }[];
}

const MINUTES_10 = 600;

function workload(
  prefixTokens: number,
  questionTokens: number,
  outputTokens: number,
  ...rates: number[]
): MeasuredWorkload {
  const stages = rates.map((rate) => ({ rate, seconds: MINUTES_10 }));
  return { prefixTokens, questionTokens, outputTokens, stages };
}

/** The workloads by their name in the column `workload`. */
export const workloads: Readonly<Record<string, MeasuredWorkload>> = {
  general: workload(100, 447, 248, 8, 20),
  "general-lite": workload(100, 447, 248, 2.5, 6),
  codegen: workload(100, 466, 247, 5, 10),
  roleplay: { ...workload(150, 600, 251), stages: [{ rate: 6, seconds: 1200 }] },
  reasoning: workload(100, 934, 1448, 4),
  "reasoning-lite": workload(100, 934, 1448, 1),
};

/** A stage as a workload file. The groups of users share one prefix here: after a few requests each is cached anyway. */
export function specOf(workload: MeasuredWorkload, stage: number): string {
  const { rate, seconds } = workload.stages[stage]!;
  return `
version: "2"
seed: 42
aggregate_rate: ${rate}
horizon: ${seconds * 1e6}
clients:
  - id: users
    rate_fraction: 1
    arrival: {process: constant}
    input_distribution: {type: constant, params: {value: ${workload.questionTokens}}}
    output_distribution: {type: constant, params: {value: ${workload.outputTokens}}}
    prefix_group: system
    prefix_length: ${workload.prefixTokens}
`;
}
