import assert from "node:assert/strict";
import { distributionOf } from "../sim/distribution.ts";
import { metricsWith } from "../tests/fixtures/results.ts";
import { FITNESS_METRICS } from "./deployment.ts";
import { fitnessOf } from "./fitness.ts";

const RUN = metricsWith({
  numCompleted: 300,
  outputTokens: 90_000,
  endUs: 3e6,
  ttft: distributionOf(Float64Array.of(1000, 3000, 5000)),
  e2e: distributionOf(Float64Array.of(9000, 19_000)),
});

const ALL_ONE = Object.fromEntries(FITNESS_METRICS.map((name) => [name, 1]));

Deno.test("every metric becomes a number between 0 and 1 by the reference's formula", () => {
  assert.deepEqual(Object.fromEntries(fitnessOf(RUN, ALL_ONE).components), {
    throughput: 100 / 200,
    tokens_per_sec: 30_000 / 40_000,
    mean_ttft: 1 / 4,
    p50_ttft: 1 / 4,
    p99_ttft: 1 / (1 + 4.96),
    mean_e2e: 1 / 15,
    p50_e2e: 1 / 15,
    p99_e2e: 1 / (1 + 18.9),
  });
});

Deno.test("components come in byte order of their names, whatever the order of the weights", () => {
  const { components } = fitnessOf(RUN, { throughput: 1, mean_e2e: 1, p50_ttft: 1 });
  assert.deepEqual(components.map(([name]) => name), ["mean_e2e", "p50_ttft", "throughput"]);
});

Deno.test("the score is the plain weighted sum: weights are not normalised", () => {
  assert.equal(fitnessOf(RUN, { throughput: 8, mean_ttft: 4 }).score, 8 / 2 + 4 / 4);
  assert.equal(fitnessOf(RUN, { throughput: 0 }).score, 0);
});

Deno.test("a run that completed nothing scores 0 on rates and 1 on latencies", () => {
  const nothing = metricsWith({ endUs: 5e6, outputTokens: 12 });
  const components = new Map(fitnessOf(nothing, ALL_ONE).components);
  for (const [name, value] of components) {
    assert.equal(value, name === "throughput" || name === "tokens_per_sec" ? 0 : 1, name);
  }
});
