/** One timed command: what it is called, its arguments after `run`, how many requests it serves. */
export interface Scenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly numRequests: number;
}

const MODEL = ["--model", "qwen/qwen3-14b", "--hardware", "H100", "--tp", "1"];

function scenario(name: string, rate: number, numRequests: number, ...more: string[]): Scenario {
  const load = ["--rate", String(rate), "--num-requests", String(numRequests)];
  return { name, args: [...MODEL, ...load, ...more], numRequests };
}

/** Whole-process scenarios, the small ones first. */
export const scenarios: readonly Scenario[] = [
  scenario("10 thousand, rate 10", 10, 10_000),
  scenario("100 thousand, rate 10", 10, 100_000),
  scenario("1 million, rate 10", 10, 1_000_000),
  scenario("50 thousand, rate 100, 8 instances", 100, 50_000, "--num-instances", "8"),
  scenario("3 thousand, preemption storm", 20, 3_000, "--total-kv-blocks", "1200"),
];
