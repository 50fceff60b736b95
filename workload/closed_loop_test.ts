import assert from "node:assert/strict";
import { type Request, RequestState } from "../sim/request.ts";
import { clientWith, distribution, specWith, start, take } from "../tests/fixtures/workloads.ts";
import type { ClientSpec } from "./spec.ts";

/** Two rounds a session of 30 + 3 tokens, in a group whose prefix has 50. */
function chat(contextGrowth: string, prefixLength: number, own: Partial<ClientSpec> = {}) {
  return clientWith({
    inputDistribution: distribution("constant", { value: 30 }),
    prefixGroup: "g",
    prefixLength,
    reasoning: {
      reasonRatioDistribution: distribution("", {}),
      multiTurn: { maxRounds: 2, thinkTimeUs: 20, contextGrowth, singleSession: false },
    },
    ...own,
  });
}

/** The first rounds of a client beside one that gives the group its 50 tokens, and what follows them. */
function rounds(client: ClientSpec): { first: Request[]; second: Request[] } {
  const group = clientWith({ id: "group", prefixGroup: "g", prefixLength: 50 });
  const workload = start(specWith([group, client]), { maxRequests: 20, keepTokens: true });
  const first = take(workload).filter(({ labels }) => labels.clientId === "a");
  assert.ok(first.length > 2);
  const second = first.map((request) => {
    request.state = RequestState.COMPLETED;
    request.numComputedTokens = request.promptTokens + request.outputTokens - 1;
    return workload.onFinished!(request, request.arrivalUs + 100)[0]!;
  });
  return { first, second };
}

function prompt({ tokens, promptTokens }: Request): number[] {
  return [...tokens!.subarray(0, promptTokens)];
}

Deno.test("a round that accumulates repeats prompt and answer, but for the last token of the answer", () => {
  const { first, second } = rounds(chat("accumulate", 50));
  first.forEach((request, i) => {
    assert.deepEqual(prompt(second[i]!).slice(0, 82), [...request.tokens!.subarray(0, 82)]);
    assert.equal(second[i]!.promptTokens, 82 + 30);
    assert.equal(second[i]!.shared, request.shared);
    assert.deepEqual([request.sharedTokens, second[i]!.sharedTokens], [82, 114]);
  });
});

Deno.test("a client that leaves the length of its prefix to the default loses it in later rounds", () => {
  const { second } = rounds(chat("", 0));
  for (const { promptTokens, sharedTokens } of second) {
    assert.deepEqual([promptTokens, sharedTokens], [30, 0]);
  }
});

Deno.test("a client with a shorter prefix than its group keeps that much of it", () => {
  const { first, second } = rounds(chat("", 5));
  for (const request of second) {
    assert.equal(request.promptTokens, 5 + 30);
    assert.deepEqual(prompt(request).slice(0, 5), prompt(first[0]!).slice(0, 5));
    assert.deepEqual([request.shared, request.sharedTokens], [first[0]!.shared, 5]);
  }
});

Deno.test("a client with a longer prefix than its group repeats a part of the first prompt of all", () => {
  const head = (request: Request) => prompt(request).slice(0, 70);
  const single = rounds(chat("", 70));
  for (const request of single.second) {
    assert.equal(request.promptTokens, 70 + 30);
    assert.deepEqual(head(request), head(single.first[0]!));
  }
  const growing = rounds(chat("accumulate", 70));
  growing.second.forEach((request, i) => {
    const own = growing.first[i]!;
    assert.equal(request.promptTokens, 82 + 30);
    assert.deepEqual(head(request), head(growing.first[0]!));
    assert.deepEqual(prompt(request).slice(70, 82), [...own.tokens!.subarray(70, 82)]);
  });
});

Deno.test("a prompt shorter than the prefix of its client is repeated whole after it", () => {
  const lengths = distribution("empirical", { 1: 1, 30: 1 });
  const { first, second } = rounds(chat("accumulate", 60, { inputDistribution: lengths }));
  const short = first.findIndex(({ promptTokens }) => promptTokens < 60);
  assert.equal(first[0]!.promptTokens, 80);
  const repeated = [...prompt(first[0]!).slice(0, 60), ...prompt(first[short]!)];
  assert.deepEqual(prompt(second[short]!).slice(0, repeated.length), repeated);
});

Deno.test("sessions go by client id: a later client of the same id rules them", () => {
  const clients = [
    chat("", 0),
    chat("", 0, { outputDistribution: distribution("constant", { value: 9 }) }),
  ];
  const workload = start(specWith(clients), { maxRequests: 12 });
  for (const request of take(workload)) {
    request.state = RequestState.COMPLETED;
    const followUps = workload.onFinished!(request, request.arrivalUs + 1);
    assert.deepEqual(followUps.map(({ outputTokens }) => outputTokens), [9]);
  }
});
