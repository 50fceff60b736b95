import assert from "node:assert/strict";
import { compare, leftOut, readBaseline } from "./baseline.ts";

Deno.test("latencies may not grow and rates may not fall by more than was allowed", () => {
  const before = { ttft_p99_ms: 100, e2e_mean_ms: 100, responses_per_sec: 10, tokens_per_sec: 10 };
  const now = { ttft_p99_ms: 104, e2e_mean_ms: 106, responses_per_sec: 9.4, tokens_per_sec: 20 };
  const verdicts = compare(before, now, 0.05).map(({ name, holds }) => [name, holds]);
  assert.deepEqual(verdicts, [
    ["ttft_p99_ms", true],
    ["e2e_mean_ms", false],
    ["responses_per_sec", false],
    ["tokens_per_sec", true],
  ]);
});

Deno.test("what an earlier run lacks, or was 0 in it, is not compared", () => {
  assert.deepEqual(compare({ ttft_p99_ms: 0 }, { ttft_p99_ms: 5, itl_p99_ms: 5 }, 0), []);
});

Deno.test("what is left out of a comparison is named", () => {
  const names = ["ttft_p99_ms", "e2e_mean_ms", "tokens_per_sec"];
  const values = Object.fromEntries(names.map((name) => [name, 5]));
  const left = leftOut(compare(values, values, 0));
  assert.equal(left.length, 11);
  assert.ok(names.every((name) => !left.includes(name)));
});

Deno.test("a run that completed nothing is no baseline", () => {
  const text =
    '{"metrics": {"e2e_mean_ms": 0, "tokens_per_sec": 0, "vllm_estimated_duration_s": 3}}';
  assert.throws(() => readBaseline(text, "b.json"), {
    message: "Cannot compare with b.json: its latencies and rates are all 0",
  });
});

Deno.test("a file without metrics is refused by its name", () => {
  for (const text of ["", "[]", "{}", '{"metrics": {"x": 1}}', '{"metrics": 3}']) {
    assert.throws(() => readBaseline(text, "b.json"), { message: /b\.json as a baseline/ });
  }
  const text = '{"metrics": {"instance_id": "cluster", "ttft_p99_ms": 3}, "more": 1}';
  assert.deepEqual(readBaseline(text, "b.json"), { ttft_p99_ms: 3 });
});
