/**
 * Guards what makes a run fast without a clock: how often the hot structures are asked, and how
 * much is allocated. The counters are wrapped around the structures here, so that they cost nothing
 * in the program.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { buildCluster } from "../cluster/build.ts";
import type { RunResult } from "../cluster/result.ts";
import { GpuCache } from "../kv/gpu_cache.ts";
import { RunningBatch } from "../sim/running_batch.ts";
import { Instance } from "../sim/instance.ts";
import { IntMap } from "../sim/internal/int_map.ts";
import { Random } from "../sim/internal/random.ts";
import { TimeHeap } from "../sim/internal/time_heap.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { StepWheel } from "../sim/step_wheel.ts";
import { generate } from "../workload/generate.ts";
import { synthesize } from "../workload/synthesize.ts";
import { type DeploymentInit, deploymentWith } from "./fixtures/deployments.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const NUM_REQUESTS = 600;
const BLOCK_SIZE = 16;
const OUTPUT_TOKENS = 200;

type Methods = Record<string, (...args: never[]) => unknown>;

/** How often each method was called, as `Class.method`. */
type Calls = ReadonlyMap<string, number>;

const COUNTED: readonly (readonly [type: { prototype: object }, methods: readonly string[]])[] = [
  [GpuCache, ["allocateDecode", "allocatePrefill", "findCachedPrefix", "signalledBlocks"]],
  [GpuCache, ["refreshSignal"]],
  [Instance, ["advance"]],
  [IntMap, ["get", "set"]],
  [Random, ["fillTokens", "skipTokens"]],
  [RunningBatch, ["decodeContexts", "progress"]],
  [StepWheel, ["add", "slot"]],
  [TimeHeap, ["push", "pop"]],
];

/** Runs requests of 100 prompt and 200 output tokens, a hundred a second, and counts. */
function countedRun(init: DeploymentInit): { readonly result: RunResult; readonly calls: Calls } {
  const calls = new Map<string, number>();
  const restore = COUNTED.flatMap(([{ prototype }, names]) =>
    names.map((name) => countCalls(prototype as Methods, name, calls))
  );
  try {
    return { result: run(init), calls };
  } finally {
    for (const action of restore) action();
  }
}

function countCalls(prototype: Methods, name: string, calls: Map<string, number>): () => void {
  const plain = prototype[name]!;
  const key = `${prototype.constructor!.name}.${name}`;
  calls.set(key, 0);
  prototype[name] = function (this: unknown, ...args: never[]) {
    calls.set(key, calls.get(key)! + 1);
    return plain.apply(this, args);
  };
  return () => void (prototype[name] = plain);
}

function run(init: DeploymentInit): RunResult {
  const length = (tokens: number) => ({ mean: tokens, stdDev: 0, min: tokens, max: tokens });
  const spec = synthesize({
    seed: 1n,
    pace: { ratePerSecond: 100 },
    numRequests: NUM_REQUESTS,
    prefixTokens: 0,
    prompt: length(100),
    output: length(OUTPUT_TOKENS),
  });
  const ids = new BlockIds();
  const bounds = { horizonUs: Infinity, maxRequests: NUM_REQUESTS, timeoutUs: 1e9 };
  const source = generate(spec, { ...bounds, ids, keepTokens: false });
  return buildCluster(deploymentWith(init), { source, ids }).run();
}

function numStepsOf({ instances }: RunResult): number {
  return instances.reduce((sum, { metrics }) => sum + metrics.numSteps, 0);
}

Deno.test("a step costs what changes: blocks are asked for when one is opened, not token by token", () => {
  const { result, calls } = countedRun({ instance: { numBlocks: 100_000 } });
  const numSteps = numStepsOf(result);
  assert.ok(numSteps > 1000 && numSteps < NUM_REQUESTS * OUTPUT_TOKENS / 10, `${numSteps} steps`);
  const perRequest = (name: string) => calls.get(name)! / NUM_REQUESTS;
  assert.equal(perRequest("GpuCache.findCachedPrefix"), 1);
  assert.equal(perRequest("GpuCache.allocatePrefill"), 1);
  assert.ok(perRequest("GpuCache.allocateDecode") <= OUTPUT_TOKENS / BLOCK_SIZE + 2);
  assert.ok(perRequest("RunningBatch.progress") <= OUTPUT_TOKENS / BLOCK_SIZE + 4);
  assert.equal(perRequest("StepWheel.add"), 2);
  assert.ok(calls.get("StepWheel.slot")! <= 4 * numSteps);
});

Deno.test("a request passes two heaps: that of arrivals and that of deadlines", () => {
  const { calls } = countedRun({ instance: { numBlocks: 100_000 } });
  assert.equal(calls.get("TimeHeap.push"), 2 * NUM_REQUESTS);
  assert.ok(calls.get("TimeHeap.pop")! <= 2 * NUM_REQUESTS);
});

Deno.test("tokens are drawn and dropped at once, and private blocks are never looked up", () => {
  const { calls } = countedRun({
    instance: { numBlocks: 100_000 },
    routing: {
      policy: "weighted",
      scorers: [{ name: "precise-prefix-cache", weight: 1 }, {
        name: "prefix-affinity",
        weight: 1,
      }],
    },
  });
  assert.equal(calls.get("Random.skipTokens"), NUM_REQUESTS);
  assert.equal(calls.get("Random.fillTokens"), 0);
  assert.deepEqual([calls.get("IntMap.get"), calls.get("IntMap.set")], [0, 0]);
});

Deno.test("instances at which nobody looks run in long stretches", () => {
  const { calls } = countedRun({ numInstances: 4, instance: { numBlocks: 100_000 } });
  assert.ok(calls.get("Instance.advance")! <= 4 + NUM_REQUESTS / 100);
});

Deno.test("instances are looked at when a snapshot is due, not at each decision", () => {
  const numInstances = 4;
  const scorers = [{ name: "queue-depth", weight: 1 }, { name: "precise-prefix-cache", weight: 1 }];
  const { calls } = countedRun({
    numInstances,
    instance: { numBlocks: 100_000 },
    routing: { policy: "weighted", scorers } as DeploymentInit["routing"] & object,
    snapshotRefreshIntervalUs: 500_000,
    cacheSignalDelayUs: 500_000,
  });
  const numSnapshots = NUM_REQUESTS / 100 * 2 + 2;
  assert.equal(calls.get("GpuCache.signalledBlocks"), numInstances * NUM_REQUESTS);
  assert.ok(calls.get("GpuCache.refreshSignal")! <= numInstances * numSnapshots);
  assert.ok(calls.get("Instance.advance")! <= numInstances * (2 * numSnapshots + 1));
});

Deno.test("a decode-only step is priced by sums: the contexts are asked for where rounding decides", () => {
  const { result, calls } = countedRun({
    latency: { mode: "roofline" },
    instance: { numBlocks: 100_000 },
  });
  assert.ok(calls.get("RunningBatch.decodeContexts")! <= numStepsOf(result) / 1000);
});

/** Scavenges of a run whose young generation is 1 MB. */
async function scavengesOf(flags: string): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--quiet", "--allow-read"],
      "--v8-flags=--max-semi-space-size=1,--min-semi-space-size=1,--trace-gc,--single-threaded",
      ...[`${ROOT}main.ts`, "run", "--model", "qwen/qwen3-14b", "--latency-model", "roofline"],
      ...["--prompt-tokens", "100", "--prompt-tokens-stdev", "0", "--output-tokens-stdev", "0"],
      ...["--output-tokens-max", "36000", "--log", "error", ...flags.split(" ")],
    ],
  }).output();
  return [...new TextDecoder().decode(stdout).matchAll(/Scavenge/g)].length;
}

Deno.test("a step allocates no object, a few boxed numbers at most", async () => {
  const load = "--rate 0.02 --output-tokens 36000 --num-requests";
  const [few, many] = [await scavengesOf(`${load} 200`), await scavengesOf(`${load} 400`)];
  // About four requests run at a time, so that these are a quarter of the bytes of a step.
  const bytes = (many - few) * 2 ** 20 / (200 * 36_000);
  assert.ok(bytes < 16, `${bytes} bytes a token`);
});

Deno.test("a request allocates itself and little more", async () => {
  const load = "--rate 10 --output-tokens 20 --num-requests";
  const [few, many] = [await scavengesOf(`${load} 5000`), await scavengesOf(`${load} 45000`)];
  const bytes = (many - few) * 2 ** 20 / 40_000;
  assert.ok(bytes < 4000, `${bytes} bytes a request`);
});
