/** One operation of each hot structure, set up so that every operation is alike. */
import { GpuCache } from "../../kv/gpu_cache.ts";
import { BlockPool } from "../../kv/block_pool.ts";
import { roofline } from "../../latency/roofline.ts";
import { IntMap } from "../../sim/internal/int_map.ts";
import { Random } from "../../sim/internal/random.ts";
import { TimeHeap } from "../../sim/internal/time_heap.ts";
import { ItlHistogram } from "../../sim/itl_histogram.ts";
import type { StepShape } from "../../sim/latency_model.ts";
import { PrefixIndex } from "../../sim/prefix_index.ts";
import { weighted } from "../../sim/routing/weighted.ts";
import { kvUtilization } from "../../sim/scorers/kv_utilization.ts";
import { precisePrefixCache } from "../../sim/scorers/precise_prefix_cache.ts";
import { queueDepth } from "../../sim/scorers/queue_depth.ts";
import { BlockIds, SharedContent } from "../../sim/shared_content.ts";
import { StepWheel } from "../../sim/step_wheel.ts";
import { DENSE_MODEL, H100 } from "../fixtures/models.ts";
import { requestWith } from "../fixtures/requests.ts";
import { viewOf } from "../fixtures/views.ts";
import type { Loop } from "./loop.ts";

/** An operation and what makes its loop. */
export interface MicroBench {
  readonly name: string;
  create(): Loop;
}

/** What makes up the time of a run, the smallest parts first. */
export const microBenches: readonly MicroBench[] = [
  { name: "IntMap: get one of 10,000", create: intMapGet },
  { name: "IntMap: set and delete among 10,000", create: intMapChange },
  { name: "TimeHeap: push and pop among 16", create: () => timeHeap(16) },
  { name: "TimeHeap: push and pop among 1,000", create: () => timeHeap(1000) },
  { name: "StepWheel: add and remove among 256", create: stepWheel },
  { name: "ItlHistogram: add", create: itlHistogram },
  { name: "BlockPool: take and release", create: blockPool },
  { name: "GpuCache: prefill, 32 decodes and free", create: gpuCache },
  { name: "PrefixIndex: match and record 40 blocks", create: prefixIndex },
  { name: "Random: skip 1,000 token ids", create: skipTokens },
  { name: "roofline: price 100 decodes", create: () => priceStep(0) },
  { name: "roofline: price 100 decodes and 2 chunks", create: () => priceStep(2) },
  { name: "weighted routing: one of 64", create: () => weightedRouting(64) },
  { name: "weighted routing: one of 500", create: () => weightedRouting(500) },
];

/** Results go here, so that no loop is optimised away. */
let sink = 0;

function intMapGet(): Loop {
  const map = new IntMap();
  for (let key = 1; key <= 10_000; key++) map.set(key, key);
  return (times) => {
    for (let i = 0; i < times; i++) sink += map.get(1 + i % 10_000);
  };
}

function intMapChange(): Loop {
  const map = new IntMap();
  for (let key = 1; key <= 10_000; key++) map.set(key, key);
  let first = 1;
  return (times) => {
    for (let i = 0; i < times; i++, first++) {
      map.delete(first);
      map.set(first + 10_000, i);
    }
  };
}

function timeHeap(size: number): Loop {
  const heap = new TimeHeap<number>();
  for (let i = 0; i < size; i++) heap.push(i, i);
  return (times) => {
    for (let i = 0; i < times; i++) {
      const timeUs = heap.nextUs;
      heap.push(timeUs + 1 + (i * 7919) % size, heap.pop());
    }
  };
}

function stepWheel(): Loop {
  const wheel = new StepWheel(1024, "duePosition");
  const requests = Array.from({ length: 256 }, () => requestWith({}));
  requests.forEach((request, i) => wheel.add(request, i * 3));
  return (times) => {
    for (let i = 0; i < times; i++) {
      const request = requests[i % 256]!;
      wheel.remove(request, (i % 256) * 3);
      wheel.add(request, (i % 256) * 3);
    }
  };
}

function itlHistogram(): Loop {
  const histogram = new ItlHistogram();
  return (times) => {
    for (let i = 0; i < times; i++) histogram.add(8000 + i % 500, 100);
  };
}

function blockPool(): Loop {
  const pool = new BlockPool(10_000);
  for (let i = 0; i < 10_000; i++) pool.release(pool.take());
  return (times) => {
    for (let i = 0; i < times; i++) pool.release(pool.take());
  };
}

function gpuCache(): Loop {
  const cache = new GpuCache(10_000, 16, new BlockIds());
  return (times) => {
    for (let i = 0; i < times; i++) {
      const request = requestWith({ promptTokens: 512 });
      cache.findCachedPrefix(request);
      cache.allocatePrefill(request, 0, 512);
      for (let position = 512; position < 512 + 32 * 16; position += 16) {
        cache.allocateDecode(request, position);
      }
      cache.free(request);
    }
  };
}

function prefixIndex(): Loop {
  const index = new PrefixIndex(10_000);
  const shared = new SharedContent(new BlockIds());
  const request = requestWith({ promptTokens: 640, shared, sharedTokens: 512 });
  return (times) => {
    for (let i = 0; i < times; i++) {
      sink += index.match(request, 16);
      index.record(request, 16);
    }
  };
}

function skipTokens(): Loop {
  const random = new Random(42n);
  return (times) => {
    for (let i = 0; i < times; i++) random.skipTokens(1000);
  };
}

function priceStep(numPrefill: number): Loop {
  const target = { model: DENSE_MODEL, hardware: H100, tp: 1, dp: 1 };
  const model = roofline.create({ mode: "roofline" }, target);
  const step = {
    numRequests: 100 + numPrefill,
    numPrefill,
    prefillPast: new Float64Array(2),
    prefillNew: Float64Array.of(512, 300),
    prefillPrompt: Float64Array.of(512, 300),
    numDecode: 100,
    decodeContextTokens: 0,
    decodeContexts: (out: Float64Array) => void out.fill(700),
  } satisfies StepShape;
  return (times) => {
    for (let i = 0; i < times; i++) {
      step.decodeContextTokens = 70_000 + i % 1000;
      sink += model.stepUs(step);
    }
  };
}

function weightedRouting(numInstances: number): Loop {
  const context = { numInstances, blockSize: 16 };
  const policy = weighted.create({
    numInstances,
    random: new Random(42n),
    scorers: [[precisePrefixCache, 2], [queueDepth, 1], [kvUtilization, 1]].map(
      ([scorer, weight]) => ({
        scorer: (scorer as typeof queueDepth).create(context),
        weight: weight as number,
      }),
    ),
  });
  const view = viewOf(
    Array.from(
      { length: numInstances },
      (_, i) => ({ queueDepth: i % 7, kvUtilization: i % 5 / 9 }),
    ),
  );
  const cached = new Float64Array(numInstances);
  const lean = { ...view, cachedBlocks: (_: unknown, out: Float64Array) => out.set(cached) };
  const request = requestWith({});
  return (times) => {
    for (let i = 0; i < times; i++) sink += policy.route(request, lean);
  };
}
