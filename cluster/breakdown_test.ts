import assert from "node:assert/strict";
import { mean } from "../sim/distribution.ts";
import { resultWith, type Row } from "../tests/fixtures/results.ts";
import { latenciesPerClass, latenciesPerModel, tenantShares } from "./breakdown.ts";

const inClass = (sloClass: string, row: Row): Row => ({ ...row, labels: { sloClass } });

Deno.test("classes come in byte order, an empty one as `default`", () => {
  const classes = latenciesPerClass(resultWith({
    rows: ["standard", "batch", "", "Batch"].map((name) => inClass(name, { ttftUs: 1 })),
  }));
  assert.deepEqual(classes.map(({ name }) => name), ["Batch", "batch", "default", "standard"]);
});

Deno.test("a class has a TTFT of each request with a first token, ITL and E2E of the completed ones", () => {
  const [batch, ...others] = latenciesPerClass(resultWith({
    rows: [
      inClass("batch", { ttftUs: 100, itlUs: 10.5, e2eUs: 500 }),
      inClass("batch", { ttftUs: 300 }),
      inClass("batch", {}),
      inClass("waiting", {}),
      inClass("batch", { ttftUs: 900, e2eUs: 900, isDropped: true }),
    ],
  }));
  assert.deepEqual(others, []);
  assert.deepEqual([batch!.ttft.count, batch!.itl.count, batch!.e2e.count], [2, 1, 1]);
  assert.deepEqual([mean(batch!.ttft), mean(batch!.itl), mean(batch!.e2e)], [200, 10.5, 500]);
});

Deno.test("a model has the rates of its completed requests; requests that name none are left out", () => {
  const labels = { model: "org/m" };
  const models = latenciesPerModel(
    resultWith({
      rows: [
        { labels, outputTokens: 100, ttftUs: 1, e2eUs: 2 },
        { labels, outputTokens: 50, ttftUs: 1, e2eUs: 2 },
        { labels, outputTokens: 70, ttftUs: 1 },
        { outputTokens: 30, ttftUs: 1, e2eUs: 2 },
      ],
    }),
    4,
  );
  const rates = models.map(({ name, requestsPerS, tokensPerS }) => [
    name,
    requestsPerS,
    tokensPerS,
  ]);
  assert.deepEqual(rates, [["org/m", 2 / 4, 150 / 4]]);
});

Deno.test("tenants share the output tokens of completed requests", () => {
  const row = (tenantId: string, outputTokens: number, e2eUs?: number): Row => ({
    labels: { tenantId },
    outputTokens,
    ttftUs: 1,
    ...(e2eUs !== undefined && { e2eUs }),
  });
  const rows = [row("b", 200, 9), row("a", 100, 9), row("c", 200, 9), row("c", 100, 9)];
  const ignored = [row("d", 500), row("", 500, 9)];
  assert.deepEqual(tenantShares(resultWith({ rows: [...rows, ...ignored] })), {
    tenants: [
      { name: "a", requests: 1, tokens: 100 },
      { name: "b", requests: 1, tokens: 200 },
      { name: "c", requests: 2, tokens: 300 },
    ],
    jain: 0.8571428571428571,
  });
});
