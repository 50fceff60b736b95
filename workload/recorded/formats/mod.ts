import { aiperf } from "./aiperf.ts";
import { azure } from "./azure.ts";
import { burstgpt } from "./burstgpt.ts";
import { guidellm } from "./guidellm.ts";
import { inferencePerf } from "./inference_perf.ts";
import { mooncake } from "./mooncake.ts";
import { vllmBench } from "./vllm_bench.ts";

/** Foreign trace formats by the name of `--from`; the first that matches a file is taken for it. */
export const traceFormats = {
  azure,
  mooncake,
  burstgpt,
  "vllm-bench": vllmBench,
  guidellm,
  aiperf,
  "inference-perf": inferencePerf,
};

export type TraceFormatName = keyof typeof traceFormats;
