import assert from "node:assert/strict";
import type { Instance } from "../sim/instance.ts";
import type { Request } from "../sim/request.ts";
import type { Signal } from "../sim/router_view.ts";
import { BlockIds, SharedContent } from "../sim/shared_content.ts";
import { instanceWith, linearLatency } from "../tests/fixtures/instances.ts";
import { requestWith } from "../tests/fixtures/requests.ts";
import { ObservedView } from "./observed_view.ts";

const INTERVAL_US = 50_000;
const STEP_US = 1000;

/** Two instances that run one request at a time, and a view of them. */
function observe(
  { reads = ["snapshot", "in-flight", "cache"], ageUs = INTERVAL_US }: {
    readonly reads?: readonly Signal[];
    readonly ageUs?: number;
  },
) {
  const ids = new BlockIds();
  const latency = linearLatency({ step: [STEP_US, 0, 0] });
  const parts = [0, 1].map(() => instanceWith({ latency, ids, maxNumSeqs: 1, numBlocks: 100 }));
  const instances = parts.map(({ instance }) => instance);
  const ages = { snapshotRefreshIntervalUs: ageUs, cacheSignalDelayUs: ageUs };
  const shared = new SharedContent(ids);
  const view = new ObservedView(instances, ages, new Set(reads));
  return {
    view,
    instances,
    prompt: requestWith({ promptTokens: 64, shared, sharedTokens: 64 }),
    /** Sends a request with a shared prompt of 4 blocks. */
    send(instance: number, atUs: number, outputTokens = 1000): void {
      const init = { arrivalUs: atUs, promptTokens: 64, outputTokens, shared, sharedTokens: 64 };
      const request = requestWith(init);
      parts[instance]!.table.add(request, 0);
      parts[instance]!.instance.inject(request, atUs);
      view.noteInjected(instance);
    },
  };
}

const row = ({ queueDepth, batchSize, inFlight, kvUtilization, freeBlocks }: ObservedView) =>
  [queueDepth, batchSize, inFlight, kvUtilization, freeBlocks].map((column) => column[0]);

function cached(view: ObservedView, prompt: Request): number[] {
  const out = new Float64Array(2);
  view.cachedBlocks(prompt, out);
  return [...out];
}

Deno.test("until the first refresh is due everything but the in-flight count is 0", () => {
  const { view, send, prompt } = observe({});
  send(0, 0);
  send(0, 10);
  view.look(INTERVAL_US - 1, true);
  assert.deepEqual(row(view), [0, 0, 2, 0, 0]);
  assert.deepEqual([view.load(0), view.load(1)], [2, 0]);
  assert.deepEqual(cached(view, prompt), [0, 0]);
});

Deno.test("a refresh shows queue, batch and KV use; waiting and running requests are in flight too", () => {
  const { view, send, prompt } = observe({});
  send(0, 0);
  send(0, 10);
  view.look(INTERVAL_US, true);
  // The prompt fills 4 blocks, the 49 tokens decoded by then another 4.
  assert.deepEqual(row(view), [1, 1, 2, 0.08, 92]);
  assert.equal(view.load(0), 4);
  assert.deepEqual(cached(view, prompt), [4, 0]);
});

Deno.test("the interval runs from the last refresh, not from multiples of it", () => {
  const { view, send } = observe({});
  view.look(60_000, true);
  send(0, 60_000);
  send(0, 60_000);
  view.look(100_000, true);
  assert.deepEqual(row(view).slice(0, 3), [0, 0, 2], "100000 is no refresh: 40000 since the last");
  view.look(110_000, true);
  assert.deepEqual(row(view).slice(0, 3), [1, 1, 2]);
});

Deno.test("with an interval of 0 every look is a refresh", () => {
  const { view, send, prompt } = observe({ ageUs: 0 });
  view.look(0, true);
  send(0, 0);
  view.look(1, true);
  assert.deepEqual(row(view).slice(0, 3), [0, 1, 1]);
  assert.deepEqual(cached(view, prompt), [4, 0]);
});

Deno.test("an instance is seen before its events of the same time, and after its last step began", () => {
  const { view, send } = observe({ ageUs: 0 });
  send(0, 500, 2);
  view.look(500, true);
  assert.deepEqual(row(view).slice(0, 3), [0, 0, 1], "not in the queue yet");
  view.look(500 + STEP_US, true);
  assert.deepEqual(row(view).slice(0, 3), [0, 1, 1], "its last step has not begun");
  view.look(501 + STEP_US, true);
  assert.deepEqual(row(view).slice(0, 3), [0, 0, 0], "its last step has begun, so it has left");
});

Deno.test("the cache signal keeps what was cached at the last refresh", () => {
  const { view, send, prompt } = observe({});
  view.look(INTERVAL_US, true);
  send(1, INTERVAL_US);
  view.look(2 * INTERVAL_US - 1, true);
  assert.deepEqual(cached(view, prompt), [0, 0]);
  view.look(2 * INTERVAL_US, true);
  assert.deepEqual(cached(view, prompt), [0, 4]);
});

Deno.test("a request for another model sees no instance and refreshes the cache signal alone", () => {
  const { view, send, prompt } = observe({});
  send(0, 0);
  send(0, 0);
  view.look(INTERVAL_US, false);
  assert.equal(view.size, 0);
  view.look(INTERVAL_US + 1, true);
  assert.equal(view.size, 2);
  assert.deepEqual(cached(view, prompt), [4, 0]);
  assert.deepEqual(row(view).slice(0, 3), [1, 1, 2], "its own look refreshes the snapshots");
  view.look(2 * INTERVAL_US, false);
  send(1, 2 * INTERVAL_US);
  view.look(2 * INTERVAL_US + 1, true);
  assert.deepEqual([...view.batchSize], [1, 1], "they were due, since the other look left them");
});

Deno.test("what nobody reads is not looked at, and the instances are left alone", () => {
  const nowUs = (instances: readonly Instance[]) => instances.map((instance) => instance.nowUs);
  const { view, send, instances } = observe({ reads: [] });
  send(0, 0);
  view.look(10 * INTERVAL_US, true);
  assert.deepEqual(row(view), [0, 0, 1, 0, 0], "that a request was sent is known without a look");
  assert.deepEqual(nowUs(instances), [0, 0]);
});
