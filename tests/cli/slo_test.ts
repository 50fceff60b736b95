import assert from "node:assert/strict";
import { blis, FakeIo } from "./fake_io.ts";

const RUN = "run --model qwen/qwen3-14b --log error --num-requests 60 --rate 5".split(" ");

Deno.test("a run without SLOs prints no word about them, one with SLOs a section more", async () => {
  const plain = await blis(RUN);
  assert.doesNotMatch(plain.stdout, /SLO/);
  const judged = await blis([...RUN, "--slo", "ttft.p99<1s", "--slo", "e2e.mean<1ms"]);
  assert.equal(judged.code, 0);
  assert.ok(judged.stdout.startsWith(plain.stdout));
  const section = judged.stdout.slice(plain.stdout.length);
  assert.match(section, /^=== SLOs ===\nttft\.p99<1s: holds, [\d.]+ ms \(margin [\d.]+ %\)\n/);
  assert.match(section, /e2e\.mean<1ms: missed.*\nGoodput: 0 % \(0 of 60\)\nLoad: stable: /s);
});

Deno.test("the JSON of a run has its SLOs, goodput and load, with and without SLOs", async () => {
  const io = new FakeIo({ "s.yaml": "slos: [ttft.p99<1s]\nclasses: {default: [e2e.p90<100s]}\n" });
  const judged = await blis([...RUN, "--slo-file", "s.yaml", "--output", "json"], io);
  const { slos, goodput, saturation } = JSON.parse(judged.stdout);
  assert.deepEqual(
    slos.map((s: Record<string, unknown>) => [s.slo, s.class, s.limit, s.holds]),
    [["ttft.p99<1s", null, 1e6, true], ["default:e2e.p90<100s", "default", 1e8, true]],
  );
  assert.deepEqual(goodput[0], { class: null, requests: 60, completed: 60, good: 60, goodput: 1 });
  assert.equal(saturation.verdict, "stable");
  const plain = JSON.parse((await blis([...RUN, "--output", "json"])).stdout);
  assert.deepEqual([plain.slos, plain.goodput[0].good], [[], 60]);
});

Deno.test("a wrong SLO stops the run and is shown where it stands", async () => {
  const flag = await blis([...RUN, "--slo", "ttft.p99<1"]);
  assert.deepEqual([flag.code, flag.stdout], [2, ""]);
  assert.match(flag.stderr, /Cannot use "ttft\.p99<1" as an SLO: its limit needs a unit/);
  const io = new FakeIo({ "s.yaml": "slos:\n  - ttf.p99<1s\n" });
  const file = await blis([...RUN, "--slo-file", "s.yaml"], io);
  assert.deepEqual([file.code, file.stdout], [2, ""]);
  assert.match(file.stderr, /--> s\.yaml:2:5/);
});
