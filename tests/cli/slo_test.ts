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

Deno.test("what is on its way at the horizon has arrived, in all counts of goodput", async () => {
  const cut = [...RUN, "--horizon", "2000000", "--routing-latency", "250000", "--output", "json"];
  const { goodput, metrics } = JSON.parse((await blis(cut)).stdout);
  const [all, ofClass] = goodput.map(({ requests }: { requests: number }) => requests);
  assert.deepEqual([all, ofClass, metrics.injected_requests], [10, 10, 8]);
});

Deno.test("an SLO of a class that no request has is named, and has no value", async () => {
  const line = "run --model qwen/qwen3-14b --num-requests 5 --slo critcal:ttft.p99<1s".split(" ");
  const { code, stdout, stderr } = await blis(line);
  assert.equal(code, 0);
  assert.match(stdout, /\ncritcal:ttft\.p99<1s: missed, no value\n/);
  assert.match(stderr, /No request has SLO class "critcal"\nhint: there are: default\n/);
});

Deno.test("a wrong SLO stops the run and is shown where it stands", async () => {
  const flag = await blis([...RUN, "--slo", "ttft.p99<1"]);
  assert.deepEqual([flag.code, flag.stdout], [2, ""]);
  assert.match(flag.stderr, /Cannot use "ttft\.p99<1" for --slo: its limit needs a unit/);
  const io = new FakeIo({ "s.yaml": "slos:\n  - ttf.p99<1s\n" });
  const file = await blis([...RUN, "--slo-file", "s.yaml"], io);
  assert.deepEqual([file.code, file.stdout], [2, ""]);
  assert.match(file.stderr, /--> s\.yaml:2:5/);
  assert.match(file.stderr, /hint: did you mean "ttft"\?/);
});

const TARGETS = `version: "2"
aggregate_rate: 5
num_requests: 60
clients:
  - id: chat
    rate_fraction: 1
    slo_class: critical
    arrival: { process: poisson }
    input_distribution: { type: constant, params: { value: 500 } }
    output_distribution: { type: constant, params: { value: 200 } }
goodput_slo_targets:
  critical: { ttft_ms: 300, e2e_ms: 1 }
  batch: { ttft_ms: 300 }
  nobody: { ttft_ms: 0 }
`;
const WITH_TARGETS = "run --model qwen/qwen3-14b --log error --workload-spec w.yaml".split(" ");

Deno.test("the targets of a workload count for goodput, in JSON and beside SLOs in text", async () => {
  const run = (args: string[] = []) =>
    blis([...WITH_TARGETS, ...args], new FakeIo({ "w.yaml": TARGETS }));
  const json = JSON.parse((await run(["--output", "json"])).stdout);
  assert.deepEqual([json.slos, json.goodput[0].completed, json.goodput[0].good], [[], 60, 0]);
  const text = await run(["--slo", "ttft.p99<1s"]);
  assert.match(text.stdout, /Goodput: 0 % \(0 of 60\)/);
  const plain = await run();
  assert.doesNotMatch(plain.stdout, /Goodput|SLOs/);
});

Deno.test("a trace keeps the targets of its workload, and a replay judges by them", async () => {
  const io = new FakeIo({ "w.yaml": TARGETS });
  await blis([...WITH_TARGETS, "--trace-output", "t"], io);
  const header = io.files.get("t.yaml")!;
  assert.equal(
    header.slice(header.indexOf("goodput_slo_targets")),
    "goodput_slo_targets:\n  batch:\n    ttft_ms: 300\n" +
      "  critical:\n    ttft_ms: 300\n    e2e_ms: 1\n",
  );
  const replay = "replay --model qwen/qwen3-14b --log error --output json".split(" ");
  const files = ["--trace-header", "t.yaml", "--trace-data", "t.csv"];
  const recorded = new FakeIo(Object.fromEntries(io.files));
  const { goodput } = JSON.parse((await blis([...replay, ...files], recorded)).stdout);
  assert.deepEqual([goodput[0].completed, goodput[0].good], [60, 0]);
});
