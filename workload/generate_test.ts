import assert from "node:assert/strict";
import fc from "fast-check";
import { type Request, RequestState } from "../sim/request.ts";
import {
  clientWith,
  distribution,
  sessionSpecs,
  singleSpecs,
  specWith,
  start,
  take,
  userSpecs,
} from "../tests/fixtures/workloads.ts";
import { ratesPerUs } from "./rates.ts";
import type { ClientSpec, WorkloadSpec } from "./spec.ts";
import { ActiveTime } from "./windows.ts";

const RUNS = { seed: 7, numRuns: 60 };
const HORIZON_US = 4_000_000;
const anySpec = fc.oneof(singleSpecs, sessionSpecs(0), sessionSpecs(-90_000), userSpecs);

/** What a request is, without the tokens. */
function summary(request: Request): unknown[] {
  const { id, arrivalUs, promptTokens, outputTokens, labels, sessionId, round } = request;
  return [id, arrivalUs, promptTokens, outputTokens, labels.clientId, sessionId, round];
}

function complete(request: Request): Request {
  request.state = RequestState.COMPLETED;
  request.numComputedTokens = request.promptTokens + Math.max(request.outputTokens, 1) - 1;
  return request;
}

/** All requests of a workload that ends each of them 1 s after its arrival. */
function simulate(spec: WorkloadSpec, maxRequests: number, keepTokens = false): Request[] {
  const workload = start(spec, { horizonUs: HORIZON_US, maxRequests, keepTokens });
  const requests = take(workload);
  for (let i = 0; i < requests.length; i++) {
    const followUps = workload.onFinished?.(complete(requests[i]!), requests[i]!.arrivalUs + 1e6);
    requests.push(...followUps ?? []);
  }
  return requests;
}

Deno.test("the same spec makes the same requests, whether their tokens are kept or not", () => {
  fc.assert(
    fc.property(anySpec, fc.nat(40), (spec, maxRequests) => {
      const requests = simulate(spec, maxRequests).map(summary);
      assert.deepEqual(simulate(spec, maxRequests).map(summary), requests);
      assert.deepEqual(simulate(spec, maxRequests, true).map(summary), requests);
    }),
    RUNS,
  );
});

Deno.test("requests come in order of arrival, numbered from 0, before the horizon and within windows", () => {
  fc.assert(
    fc.property(anySpec, fc.nat(40), (spec, maxRequests) => {
      const requests = take(start(spec, { horizonUs: HORIZON_US, maxRequests }));
      requests.forEach((request, i) => {
        assert.equal(request.id, `request_${i}`);
        if (i > 0) assert.ok(request.arrivalUs >= requests[i - 1]!.arrivalUs);
        assert.ok(request.arrivalUs < HORIZON_US || request.sessionId.startsWith("concurrency"));
      });
      if (maxRequests > 0) assert.ok(requests.length <= maxRequests);
    }),
    RUNS,
  );
  fc.assert(
    fc.property(singleSpecs, (spec) => {
      const active = new Map(
        spec.clients.map((
          { id, lifecycle },
        ) => [id, lifecycle && new ActiveTime(lifecycle.windows)]),
      );
      fc.pre(active.size === spec.clients.length);
      for (const { labels, arrivalUs } of take(start(spec, { horizonUs: HORIZON_US }))) {
        assert.notEqual(active.get(labels.clientId)?.includes(arrivalUs), false);
      }
    }),
    RUNS,
  );
});

Deno.test("tokens are a prompt that begins with its prefix, then the output, all within the vocabulary", () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      for (const { tokens, promptTokens, outputTokens, prefixTokens } of simulate(spec, 30, true)) {
        assert.equal(tokens!.length, promptTokens + outputTokens);
        assert.ok(promptTokens > prefixTokens);
        assert.ok(tokens!.every((id) => id >= 0 && id < 128000));
      }
    }),
    RUNS,
  );
});

Deno.test("a larger limit only adds requests where nothing waits for answers", () => {
  fc.assert(
    fc.property(singleSpecs, fc.integer({ min: 1, max: 40 }), (spec, maxRequests) => {
      const few = take(start(spec, { horizonUs: HORIZON_US, maxRequests })).map(summary);
      const more = take(start(spec, { horizonUs: HORIZON_US, maxRequests: 2 * maxRequests }));
      assert.deepEqual(more.slice(0, few.length).map(summary), few);
    }),
    RUNS,
  );
});

Deno.test("a limit picks the first of all requests by arrival", () => {
  fc.assert(
    fc.property(singleSpecs, fc.integer({ min: 1, max: 40 }), (spec, maxRequests) => {
      const all = take(start(spec, { horizonUs: HORIZON_US })).slice(0, maxRequests);
      const few = take(start(spec, { horizonUs: HORIZON_US, maxRequests }));
      assert.deepEqual(few.map(summary), all.map(summary));
    }),
    RUNS,
  );
});

Deno.test("virtual users and their follow-ups stay within the limit", () => {
  fc.assert(
    fc.property(userSpecs, fc.integer({ min: 1, max: 40 }), (spec, maxRequests) => {
      assert.ok(simulate(spec, maxRequests).length <= maxRequests);
    }),
    RUNS,
  );
});

Deno.test("a round of a session that accumulates begins with the whole prompt of the one before", () => {
  fc.assert(
    fc.property(sessionSpecs(0), (spec) => {
      const ids = spec.clients.map(({ id }) => id);
      fc.pre(new Set(ids).size === ids.length);
      const growing = new Set(
        spec.clients.filter(({ reasoning, prefixLength }) =>
          reasoning?.multiTurn?.contextGrowth === "accumulate" && prefixLength === 0
        ).map(({ id }) => id),
      );
      const last = new Map<string, Request>();
      for (const request of simulate(spec, 0, true)) {
        const { sessionId, labels, round } = request;
        if (sessionId === "" || !growing.has(labels.clientId)) continue;
        const before = last.get(sessionId);
        last.set(sessionId, request);
        if (before === undefined || before.round !== round - 1) continue;
        const prompt = before.tokens!.subarray(0, before.promptTokens);
        assert.deepEqual(request.tokens!.subarray(0, prompt.length), prompt);
      }
    }),
    RUNS,
  );
});

Deno.test("shared blocks have equal identities exactly where their tokens and all before are equal", () => {
  const blockSize = 4;
  const spec = fc.oneof(sessionSpecs(0), sessionSpecs(-90_000), userSpecs, singleSpecs);
  fc.assert(
    fc.property(spec, fc.nat(60), (spec, maxRequests) => {
      const ids = new Map<string, number>();
      const contents = new Map<number, string>();
      const privateOnes: string[] = [];
      for (const { tokens, shared, sharedTokens } of simulate(spec, maxRequests, true)) {
        for (let end = blockSize; end <= tokens!.length; end += blockSize) {
          const content = tokens!.subarray(0, end).join();
          // A single random token may well be that of another request.
          if (end > sharedTokens + 1) privateOnes.push(content);
          if (end <= sharedTokens) {
            const id = shared!.blockId(end / blockSize - 1, blockSize);
            assert.equal(ids.get(content) ?? id, id);
            assert.equal(contents.get(id) ?? content, content);
            ids.set(content, id);
            contents.set(id, content);
          }
        }
      }
      const known = new Set(ids.keys());
      for (const content of privateOnes) {
        assert.ok(!known.has(content));
        known.add(content);
      }
    }),
    { ...RUNS, numRuns: 150 },
  );
});

Deno.test("a client at the end of the list changes nothing but the rates of those before it", () => {
  const clients = [clientWith({ id: "a" }), clientWith({ id: "b", prefixGroup: "g" })];
  const contents = (spec: WorkloadSpec) =>
    take(start(spec, { maxRequests: 40, keepTokens: true }))
      .filter(({ labels }) => labels.clientId === "a").map(({ tokens }) => tokens!.join());
  const alone = contents(specWith(clients));
  const joined = contents(specWith([...clients, clientWith({ id: "c" })]));
  assert.ok(joined.length > 5);
  assert.deepEqual(joined, alone.slice(0, joined.length));
  const users = clientWith({ id: "u", concurrency: 2 });
  assert.deepEqual(contents(specWith([users, ...clients])).slice(0, 9), alone.slice(0, 9));
});

Deno.test("clients share the rate with those that are active at some common time", () => {
  const at = (startUs: number, endUs: number): Partial<ClientSpec> => ({
    lifecycle: { windows: [{ startUs, endUs }] },
  });
  const rates = (clients: ClientSpec[]) => [...ratesPerUs(clients, 12e6)];
  assert.deepEqual(rates([clientWith({ rateFraction: 1 }), clientWith({ rateFraction: 3 })]), [
    3,
    9,
  ]);
  assert.deepEqual(rates([clientWith(at(0, 5)), clientWith(at(5, 9))]), [12, 12]);
  assert.deepEqual(rates([clientWith(at(0, 6)), clientWith(at(5, 9)), clientWith({})]), [4, 4, 4]);
  assert.deepEqual(rates([clientWith({ concurrency: 3 }), clientWith({})]), [0, 12]);
});

Deno.test("a timeout of the caller replaces that of every request and follow-up", () => {
  const spec = specWith([
    clientWith({ id: "none" }),
    clientWith({ id: "own", timeoutUs: 5 }),
    clientWith({ id: "never", timeoutUs: 0, closedLoop: true }),
    clientWith({ id: "closed", closedLoop: true }),
  ]);
  const patience = (timeoutUs?: number) => {
    const options = timeoutUs === undefined ? {} : { timeoutUs };
    const requests = take(start(spec, { maxRequests: 60, ...options }));
    const entries = requests.map((r) => [r.labels.clientId, r.deadlineUs - r.arrivalUs]);
    return Object.fromEntries(entries);
  };
  assert.deepEqual(patience(), { none: Infinity, own: 5, never: Infinity, closed: 300e6 });
  assert.deepEqual(patience(77), { none: 77, own: 77, never: 77, closed: 77 });
  assert.deepEqual(new Set(Object.values(patience(Infinity))), new Set([Infinity]));
  const users = start(specWith([clientWith({ concurrency: 1 })]), { timeoutUs: 9 });
  const [followUp] = users.onFinished!(complete(users.next()!), 50);
  assert.equal(followUp!.deadlineUs, 59);
});

Deno.test("only a workload that waits for answers listens to them", () => {
  const multiTurn = { maxRounds: 2, thinkTimeUs: 0, contextGrowth: "", singleSession: false };
  const reasoning = { reasonRatioDistribution: distribution("", {}), multiTurn };
  const listens = (own: Partial<ClientSpec>) =>
    start(specWith([clientWith(own)]), { maxRequests: 4 }).onFinished !== undefined;
  assert.ok(!listens({}));
  assert.ok(!listens({ closedLoop: true }));
  assert.ok(!listens({ reasoning, closedLoop: false }));
  assert.ok(listens({ reasoning }));
  assert.ok(listens({ concurrency: 1 }));
});

Deno.test("a session ends when its client gives up, its request is dropped or its rounds are over", () => {
  const multiTurn = { maxRounds: 3, thinkTimeUs: 10, contextGrowth: "", singleSession: false };
  const client = clientWith({
    reasoning: { reasonRatioDistribution: distribution("", {}), multiTurn },
  });
  const workload = start(specWith([client]), { maxRequests: 9 });
  const [first, second, third] = take(workload) as [Request, Request, Request];
  first.state = RequestState.TIMED_OUT;
  assert.deepEqual(workload.onFinished!(first, 5), []);
  assert.deepEqual(workload.onFinished!(second, 5), []);
  const [round1] = workload.onFinished!(complete(third), 5);
  assert.equal(round1!.arrivalUs, 15);
  const [round2] = workload.onFinished!(complete(round1!), 20);
  assert.match(round2!.id, /^session_sess_\d+_round_2_2$/);
  assert.deepEqual(workload.onFinished!(complete(round2!), 40), []);
  assert.deepEqual(workload.onFinished!(complete(first), 50), []);
});
