import assert from "node:assert/strict";
import { ConfigError } from "../sim/internal/errors.ts";
import { clientWith, distribution, specWith, start, take } from "../tests/fixtures/workloads.ts";
import type { ClientSpec, WorkloadSpec } from "./spec.ts";

const FEW = { maxRequests: 20 };

function refuses(make: () => unknown, message: RegExp): void {
  assert.throws(make, (error) => error instanceof ConfigError && message.test(error.message));
}

function windowed(window: NonNullable<ClientSpec["lifecycle"]>["windows"][number]): WorkloadSpec {
  return specWith([clientWith({ lifecycle: { windows: [window] } })], { aggregateRate: 0 });
}

Deno.test("requests are made when they are asked for, whatever the rate and the horizon", () => {
  const fast = specWith([clientWith({})], { aggregateRate: 1e18 });
  const requests = take(start(fast, { horizonUs: 1e15 }), 1000);
  assert.deepEqual(requests.map(({ arrivalUs }) => arrivalUs).slice(0, 3), [1, 2, 3]);
  const slow = specWith([clientWith({})], { aggregateRate: 1e-30 });
  assert.ok(take(start(slow, FEW)).every(({ arrivalUs }) => arrivalUs > 1e9));
});

Deno.test("a workload without an end is refused", () => {
  refuses(() => start(specWith([clientWith({})])), /The requests of client "a" have no end/);
  const forever = { startUs: 0, endUs: 2 ** 63 };
  const spec = specWith([clientWith({ lifecycle: { windows: [forever] } })]);
  refuses(() => start(spec), /have no end/);
  assert.equal(take(start(spec, FEW)).length, 20);
});

Deno.test("without any time there are no requests but those of virtual users", () => {
  const clients = [clientWith({}), clientWith({ id: "u", concurrency: 2 })];
  const requests = take(start(specWith(clients), { horizonUs: 0 }));
  assert.deepEqual(requests.map(({ labels }) => labels.clientId), ["u", "u"]);
});

Deno.test("a request, a prefix or a context that has run away is refused", () => {
  const long = distribution("constant", { value: 1e15 });
  const first = (own: Partial<ClientSpec>) => take(start(specWith([clientWith(own)]), FEW));
  refuses(() => first({ inputDistribution: long }), /made a request of 1000000000000000 prompt/);
  refuses(() => first({ outputDistribution: long }), /at most 16777216/);
  const none = distribution("empirical", { 0: 1 });
  refuses(() => first({ inputDistribution: none }), /the prompt must have 1 or more/);
  refuses(
    () => first({ prefixGroup: "g", prefixLength: 1e12 }),
    /a prefix of 1000000000000 tokens/,
  );
  const multiTurn = {
    maxRounds: 1e6,
    thinkTimeUs: 0,
    contextGrowth: "accumulate",
    singleSession: false,
  };
  const reasoning = { reasonRatioDistribution: distribution("", {}), multiTurn };
  const inputDistribution = distribution("constant", { value: 1e5 });
  refuses(() => first({ reasoning, inputDistribution }), /made a request of/);
});

Deno.test("a prompt of countless images is refused before they are counted", () => {
  const none = distribution("", {});
  const multimodal = {
    textDistribution: none,
    imageDistribution: distribution("constant", { value: 1000 }),
    imageCountDistribution: distribution("constant", { value: 1e15 }),
    audioDistribution: none,
    audioCountDistribution: none,
    videoDistribution: none,
    videoCountDistribution: none,
  };
  refuses(() => take(start(specWith([clientWith({ multimodal })]), FEW)), /made a request of/);
});

Deno.test("countless virtual users or requests of one window are refused", () => {
  const users = specWith([clientWith({ concurrency: 1e9 })]);
  refuses(() => start(users), /Cannot simulate 1000000000 virtual users/);
  assert.equal(take(start(users, FEW)).length, 20);
  const busy = windowed({ startUs: 0, endUs: 1e12, traceRate: 1e9 });
  refuses(() => take(start(busy, FEW)), /has 1000000000000000 requests in one window/);
});

Deno.test("windows of their own rates make one request less than they have room for", () => {
  const requests = take(start(windowed({ startUs: 1e6, endUs: 3e6, traceRate: 5 })));
  assert.equal(requests.length, 9);
  assert.ok(requests.every(({ arrivalUs }) => arrivalUs >= 1e6 && arrivalUs < 3e6));
  assert.equal(take(start(windowed({ startUs: 0, endUs: 1e6, traceRate: 1 }))).length, 0);
});
