/** A load of the measured experiments: prompt = prefix + question tokens → output tokens. */
export interface MeasuredWorkload {
  readonly prefixTokens: number;
  readonly questionTokens: number;
  readonly outputTokens: number;
  /** Groups that share a prefix each, and the users of one. */
  readonly groups: number;
  readonly usersPerGroup: number;
  /** Requests per second and seconds of each stage. */
  readonly stages: readonly { readonly rate: number; readonly seconds: number }[];
}

/** Requests arrive evenly, as in the measurement, or as the reference simulates inference-perf. */
export type Arrivals = "constant" | "inference-perf";

const MINUTES_10 = 600;
const GENERAL = {
  prefixTokens: 100,
  questionTokens: 447,
  outputTokens: 248,
  groups: 9,
  usersPerGroup: 5,
};
const REASONING = {
  prefixTokens: 100,
  questionTokens: 934,
  outputTokens: 1448,
  groups: 23,
  usersPerGroup: 1,
};

/** The workloads by their name in the column `workload`. */
export const workloads: Readonly<Record<string, MeasuredWorkload>> = {
  general: { ...GENERAL, stages: stages(8, 20) },
  "general-lite": { ...GENERAL, stages: stages(2.5, 6) },
  codegen: {
    prefixTokens: 100,
    questionTokens: 466,
    outputTokens: 247,
    groups: 11,
    usersPerGroup: 4,
    stages: stages(5, 10),
  },
  roleplay: {
    prefixTokens: 150,
    questionTokens: 600,
    outputTokens: 251,
    groups: 10,
    usersPerGroup: 5,
    stages: [{ rate: 6, seconds: 2 * MINUTES_10 }],
  },
  reasoning: { ...REASONING, stages: stages(4) },
  "reasoning-lite": { ...REASONING, stages: stages(1) },
};

function stages(...rates: number[]): MeasuredWorkload["stages"] {
  return rates.map((rate) => ({ rate, seconds: MINUTES_10 }));
}

/** Requests of each stage. */
export function stageRequests({ stages }: MeasuredWorkload): number[] {
  return stages.map(({ rate, seconds }) => rate * seconds);
}

/** The workload as a file. It ends with its last request, not at a horizon that would drop slow ones. */
export function specOf(workload: MeasuredWorkload, arrivals: Arrivals): string {
  return arrivals === "constant" ? constantSpec(workload) : inferencePerfSpec(workload);
}

/** All users as one client, or else those of equal rate would arrive in bursts; so one prefix too. */
function constantSpec(workload: MeasuredWorkload): string {
  let startUs = 0;
  const windows = workload.stages.map(({ rate, seconds }) => {
    const endUs = startUs + seconds * 1e6;
    const window = `        - {start_us: ${startUs}, end_us: ${endUs}, trace_rate: ${rate}}`;
    startUs = endUs;
    return window;
  });
  return `
version: "2"
seed: 42
num_requests: ${numRequests(workload)}
clients:
  - id: users
    rate_fraction: 1
    arrival: {process: constant}
    input_distribution: {type: constant, params: {value: ${workload.questionTokens}}}
    output_distribution: {type: constant, params: {value: ${workload.outputTokens}}}
    prefix_group: system
    prefix_length: ${workload.prefixTokens}
    lifecycle:
      windows:
${windows.join("\n")}
`;
}

function inferencePerfSpec(workload: MeasuredWorkload): string {
  const stages = workload.stages.map(({ rate, seconds }) =>
    `    - {rate: ${rate}, duration: ${seconds}}`
  );
  return `
version: "2"
seed: 42
num_requests: ${numRequests(workload)}
inference_perf:
  stages:
${stages.join("\n")}
  shared_prefix:
    num_unique_system_prompts: ${workload.groups}
    num_users_per_system_prompt: ${workload.usersPerGroup}
    system_prompt_len: ${workload.prefixTokens}
    question_len: ${workload.questionTokens}
    output_len: ${workload.outputTokens}
    enable_multi_turn_chat: false
`;
}

function numRequests(workload: MeasuredWorkload): number {
  return stageRequests(workload).reduce((a, b) => a + b, 0);
}
