import { MEASURED_PROMPT_TOKENS } from "../../cmd/resolve/measured_error.ts";
import { type Comparison, errorsOf, summaryOf } from "./errors.ts";
import { experimentTable, medianTable, overallTable } from "./report.ts";

const MEASURED_ERROR = "## Measured error\n";

/** The page docs/concepts/accuracy.md; `replayed` holds the load as the reference replays it. */
export function accuracyPage(
  comparisons: readonly Comparison[],
  replayed: readonly Comparison[],
): string {
  return `# Accuracy

<!-- Written by \`deno task accuracy --docs\`: change tests/accuracy, not this file. -->

How far are predictions from real vLLM? \`deno task accuracy\` simulates measured experiments (vLLM
0.15.1; [data/accuracy](../../data/accuracy/README.md) says where they come from) with every latency
mode and compares: absolute relative error as mean / median / 90th percentile over the experiments, in
percent. Rows called *published* are what the named simulator predicted for the same experiments.

${overallTable(comparisons)}

Use \`--latency-model trained-physics\` where absolute numbers count. Medians are the figures to compare:
one experiment that saturates in the simulation but not in reality makes a mean useless, and three modes
have such experiments. Measured TTFT itself is repeatable to no better than 10 to 30 percent.

All this holds for prompts of ${promptRange()} tokens, some of them cached, and no further. The most accurate mode
[prices long prefills far too low](latency-trained-physics.md), below what the peak of the GPU allows.

## What is simulated

Requests arrive evenly at the rate of each stage, as in the measurement, all stages in one run that ends
with the last request. One shared prefix stands for those of all groups. The CPU offload that some
experiments used is not simulated. Blackbox has coefficients for the models of eight experiments only.

## Roofline and what was published under its name

Ours is an optimist. Its ITL is about half of the measured one: it reads weights at the full memory
bandwidth, knows no time between steps, and counts two matrices an MLP where gated ones have three, which
leaves out about a quarter of the weights of Llama-3.1-8B. Its TTFT is too short by about as much.

In two experiments it saturates where the real server did not, and its TTFT is hundreds of times too
long. With CodeLlama on A100 the reason is the low utilisation at which data/hardware.json prices decodes:
with that of H100, 0.3 instead of 0.18, its TTFT is 108 ms, measured were 87. With Qwen3-14B on L40S
(0.08) that is a part of the reason only: with 0.3 it saturates still.

For MoE models the published roofline has nearly our ITL. For dense ones its ITL is mostly longer, and
its TTFT is four to twenty-five times the measured one, where ours is mostly too short. So it seems to
have priced the prefills of dense models much higher; the published figures do not say how. The roofline
here gives the numbers of the present reference (see below).

## Trained-physics and what was published under its name

The means of ITL and E2E differ by a few percent, in median by 2. TTFT is 5 percent shorter in median,
and by half with CodeLlama on A100. That the published runs used other arrivals or an earlier fit
would explain it; the figures do not say which.

## The same engine gives the same errors

The reference was run on these workloads as its inference-perf blocks: Poisson arrivals, a prefix for each
group. Its median errors were 11.2 (E2E mean), 9.1 (ITL mean), 12.5 (TTFT mean) and 29.7 (TTFT p99)
percent for trained-physics, and 50.8, 50.3, 53.8 and 70.9 for roofline. Replayed like that, and compared
with the stages' figures averaged by requests, ours are the same:

${medianTable(replayed, ["trained-physics", "roofline"])}

## Mean E2E, experiment by experiment

\`deno task accuracy\` prints such a table for each metric.

${experimentTable(comparisons, "e2e_mean")}
`;
}

function promptRange(): string {
  const { least, most } = MEASURED_PROMPT_TOKENS;
  return `${least} to ${most}`;
}

/** The page of a latency mode with its section of errors written anew. */
export function withMeasuredError(
  page: string,
  mode: string,
  comparisons: readonly Comparison[],
): string {
  const head = page.slice(0, page.indexOf(MEASURED_ERROR));
  const { length } = errorsOf(comparisons, mode, "e2e_mean");
  return `${head}${MEASURED_ERROR}
<!-- Written by \`deno task accuracy --docs\`. -->

Absolute relative error over ${length} experiments with vLLM 0.15.1, mean / median / 90th percentile in
percent. What others predict, and how it was measured: [accuracy](accuracy.md).

${overallTable(comparisons, [mode])}
`;
}

/** Median error of the mean E2E of a mode in whole percent, as cmd/resolve/measured_error.ts states it. */
export function medianE2ePercent(comparisons: readonly Comparison[], mode: string): number {
  return Math.round(100 * summaryOf(errorsOf(comparisons, mode, "e2e_mean"))!.median);
}
