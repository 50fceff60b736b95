import assert from "node:assert/strict";
import { clientWith, distribution, specWith } from "../tests/fixtures/workloads.ts";
import { warningsOf } from "./warnings.ts";

function constant(value: number) {
  return distribution("constant", { value });
}

function sessionsWith(contextGrowth: string) {
  const multiTurn = { maxRounds: 2, thinkTimeUs: 0, contextGrowth, singleSession: false };
  return clientWith({ reasoning: { reasonRatioDistribution: constant(0), multiTurn } });
}

Deno.test("a spec is warned of what it says without effect, and of nothing else", () => {
  const windows = [{ startUs: 0, endUs: 9, traceRate: 1 }];
  const file = { ...distribution("constant", { value: 1 }), file: "x.csv" };
  const cases = [
    { client: clientWith({}), warning: undefined },
    { client: clientWith({ network: { rttMs: 1, bandwidthMbps: 0 } }), warning: /network of "a"/ },
    { client: clientWith({ outputDistribution: file }), warning: /file .* "a" is not read/ },
    { client: clientWith({ prefixLength: 9 }), warning: /prefix_length of "a" has no effect/ },
    { client: clientWith({ prefixLength: 9, prefixGroup: "g" }), warning: undefined },
    {
      client: sessionsWith("acumulate"),
      warning: /^context_growth "acumulate" of "a" has no effect: did you mean "accumulate"\?$/,
    },
    { client: sessionsWith("always"), warning: /has no effect: only accumulate has$/ },
    { client: sessionsWith("none"), warning: undefined },
    { client: clientWith({ inputDistribution: constant(-300) }), warning: /^Constant value -300 / },
    { client: clientWith({ outputDistribution: constant(0) }), warning: /"a" counts as 1$/ },
    { client: clientWith({ outputDistribution: constant(1) }), warning: undefined },
    {
      client: clientWith({
        lifecycle: { windows: [{ startUs: 0, endUs: 9, inputDistribution: constant(0.5) }] },
      }),
      warning: /^Constant value 0.5 of "a" counts as 1$/,
    },
    { client: clientWith({ arrival: { process: "gamma", cv: 11 } }), warning: /as poisson/ },
    { client: clientWith({ arrival: { process: "gamma", cv: 10 } }), warning: undefined },
  ];
  for (const { client, warning } of cases) {
    const warnings = warningsOf(specWith([client]));
    assert.equal(warnings.length, warning === undefined ? 0 : 1);
    if (warning !== undefined) assert.match(warnings[0]!, warning);
  }
  const idle = clientWith({ id: "idle" });
  const windowed = clientWith({ lifecycle: { windows } });
  assert.match(warningsOf(specWith([windowed, idle]))[0]!, /^Client "idle" sends nothing/);
  assert.deepEqual(warningsOf(specWith([windowed, clientWith({ concurrency: 1 })])), []);
});

Deno.test("a version that nobody knows is told to be read as 2", () => {
  assert.deepEqual(warningsOf(specWith([], { version: "3" })), ['version "3" is read as "2"']);
  assert.deepEqual(warningsOf(specWith([], { version: "" })), []);
});

Deno.test("a rate beside the stages of inference-perf is told to have no effect", () => {
  const sharedPrefix = {
    numUniqueSystemPrompts: 1,
    numUsersPerSystemPrompt: 1,
    systemPromptLen: 1,
    questionLen: 1,
    outputLen: 1,
    enableMultiTurnChat: false,
  };
  const stages = [{ rate: 4, durationSeconds: 5 }, { rate: 5, durationSeconds: 5 }];
  const inferencePerf = { stages, sharedPrefix };
  assert.equal(warningsOf(specWith([], { inferencePerf, aggregateRate: 3 })).length, 1);
  assert.deepEqual(warningsOf(specWith([], { inferencePerf, aggregateRate: 9 })), []);
});
