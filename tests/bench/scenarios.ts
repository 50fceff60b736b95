/** One timed command of the program. */
export interface Scenario {
  readonly name: string;
  /** What follows `run`. */
  readonly args: readonly string[];
  readonly numRequests: number;
  /** What it may take on a quiet machine of two cores; Infinity = no limit is set. */
  readonly atMost: { readonly wallS: number; readonly peakMb: number };
  /** True if it takes long, so that only `--large` runs it. */
  readonly isLarge: boolean;
}

const TARGET = "--model qwen/qwen3-14b --hardware H100 --tp 1 --latency-model roofline";
const MOONCAKE = new URL("mooncake.yaml", import.meta.url).pathname;

function scenario(
  numRequests: number,
  flags: string,
  [wallS, peakMb]: readonly [wallS: number, peakMb: number],
): Scenario {
  const args = `${TARGET} --num-requests ${numRequests} ${flags}`.split(" ");
  const name = `${thousands(numRequests)} ${flags.replaceAll(/--|\/\S*\//g, "")}`;
  return { name, args, numRequests, atMost: { wallS, peakMb }, isLarge: numRequests >= 1e6 };
}

function thousands(count: number): string {
  return count >= 1e6 ? `${count / 1e6}M` : `${count / 1000}k`;
}

/** Whole-process scenarios, the small ones first. */
export const scenarios: readonly Scenario[] = [
  scenario(3000, "--rate 20 --total-kv-blocks 1200", [0.15, Infinity]),
  scenario(3000, "--rate 20 --total-kv-blocks 1500 --kv-cpu-blocks 800 --prefix-tokens 400", [
    0.2,
    Infinity,
  ]),
  scenario(5000, "--rate 40 --num-instances 4 --routing-policy weighted", [0.2, Infinity]),
  scenario(10_000, "--rate 10", [0.15, 65]),
  scenario(
    12_000,
    `--workload-spec ${MOONCAKE} --num-instances 8 --routing-policy weighted ` +
      "--routing-scorers precise-prefix-cache:2,queue-depth:1",
    [2, Infinity],
  ),
  scenario(
    20_000,
    "--rate 600 --num-instances 64 --routing-policy least-loaded --snapshot-refresh-interval 0",
    [0.5, 120],
  ),
  scenario(50_000, "--rate 100 --num-instances 8 --routing-policy weighted", [0.6, 100]),
  scenario(
    50_000,
    "--rate 100 --num-instances 8 --routing-policy weighted --prefix-tokens 512 " +
      "--routing-scorers prefix-affinity:1",
    [1, 120],
  ),
  scenario(50_000, "--rate 6000 --num-instances 500 --routing-policy weighted", [2, Infinity]),
  scenario(100_000, "--rate 10", [0.6, 90]),
  scenario(1_000_000, "--rate 100 --num-instances 8 --routing-policy least-loaded", [6, 300]),
  scenario(10_000_000, "--rate 1000 --num-instances 64", [60, 1000]),
];

/** Parts of the load of a week at 1,000 instances, 165 requests/s: 10^8 requests, on paper. */
export const weekParts: readonly Scenario[] = [1_000_000, 3_000_000, 10_000_000].map((count) =>
  scenario(count, "--rate 165 --num-instances 1000", [Infinity, Infinity])
);
