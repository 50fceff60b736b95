import assert from "node:assert/strict";
import { blis, FakeIo } from "./fake_io.ts";

const MODEL = "--model qwen/qwen3-14b --log error".split(" ");
const LIGHT = [...MODEL, ..."--rate 5 --num-requests 150".split(" ")];
const HEAVY = [...MODEL, ..."--rate 60 --num-requests 150".split(" ")];

function check(args: readonly string[], io?: FakeIo) {
  return blis(["check", ...args], io);
}

Deno.test("a check whose SLOs hold exits with 0 and says nothing on stderr", async () => {
  const { code, stdout, stderr, io } = await check([...LIGHT, "--slo", "ttft.p99<300ms"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^check +value +limit +margin\nttft\.p99<300ms .* 300 ms .* ok\n/);
  assert.match(stdout, /\nCost: \$6\.88\/h, .*\nEnergy \(estimate\): .*\nAll checks hold\n$/);
  assert.deepEqual(io.kept, ["read"]);
});

Deno.test("a missed SLO exits with 1 and is named on stderr", async () => {
  const { code, stdout, stderr } = await check([...LIGHT, "--slo", "ttft.p99<1ms"]);
  assert.equal(code, 1);
  assert.match(stdout, /ttft\.p99<1ms .* MISSED\n/);
  assert.match(stderr, /^check failed: ttft\.p99<1ms: [\d.]+ ms, limit 1 ms\n$/);
});

Deno.test("a saturated deployment fails though its SLOs hold", async () => {
  const { code, stdout } = await check([...HEAVY, "--slo", "ttft.p99<1000s"]);
  assert.equal(code, 1);
  assert.match(stdout, /ttft\.p99<1000s .* ok\n/);
  assert.match(stdout, /load +saturated +not saturated +- +MISSED\n/);
});

Deno.test("a run that is too short to show a growing queue does not pass", async () => {
  const short = [...MODEL, ..."--rate 30 --num-requests 100 --slo ttft.p99<10s".split(" ")];
  const { code, stdout, stderr } = await check(short);
  assert.equal(code, 1);
  assert.match(stdout, /load +too short to tell +not saturated +- +MISSED\n/);
  assert.match(stderr, /^check failed: load: too short to tell: .*; raise --num-requests\n$/);
  // This deployment serves 18 requests per second.
  const longer = await check([...short, "--num-requests", "400"]);
  assert.match(longer.stdout, /load +saturated/);
});

Deno.test("requests that are turned away fail a check that does not speak of them", async () => {
  const rejecting = [...LIGHT, "--admission-policy", "reject-all"];
  const silent = await check(rejecting);
  assert.equal(silent.code, 1);
  assert.match(silent.stdout, /rejected<1% +100 % +1 % .* MISSED/);
  const spoken = await check([...rejecting, "--slo", "rejected<=100%"]);
  assert.equal(spoken.code, 0);
});

Deno.test("of several seeds the worst counts, or a bound of their mean", async () => {
  const args = [...LIGHT, "--slo", "ttft.p99<300ms", "--seeds", "3", "--output", "json"];
  const worst = JSON.parse((await check(args)).stdout);
  const { value, values_by_seed } = worst.slos[0];
  assert.deepEqual(worst.seeds, ["42", "43", "44"]);
  assert.equal(value, Math.max(...values_by_seed));
  assert.equal(new Set(values_by_seed).size, 3);
  const bound = JSON.parse((await check([...args, "--judge-by", "confidence"])).stdout);
  const mean = (values_by_seed[0] + values_by_seed[1] + values_by_seed[2]) / 3;
  assert.deepEqual(bound.slos[0].values_by_seed, values_by_seed);
  assert.ok(bound.slos[0].value > mean);
  const third = JSON.parse((await check([...args, "--seed", "44", "--seeds", "1"])).stdout);
  assert.equal(third.slos[0].value, values_by_seed[2]);
});

Deno.test("a run and a check are baselines, and what became worse fails", async () => {
  for (const command of ["run", "check"]) {
    const { stdout } = await blis([command, ...LIGHT, "--output", "json"]);
    const io = new FakeIo({ "last.json": stdout });
    const same = await check([...LIGHT, "--baseline", "last.json", "--max-regress", "0"], io);
    assert.equal(same.code, 0, same.stdout);
    assert.match(same.stdout, /\ne2e_mean_ms +[\d.]+ \(unchanged\) /);
    const slower = await check([...LIGHT, "--baseline", "last.json", "--max-num-seqs", "2"], io);
    assert.equal(slower.code, 1);
    assert.match(
      slower.stderr,
      /check failed: ttft_p99_ms: [\d.]+ \(worse by \d+ %\), limit ([\d.]+) \(was [\d.]+\)\n/,
    );
  }
});

Deno.test("metrics that a baseline lacks are named, and one without any is refused", async () => {
  const io = new FakeIo({
    "some.json": '{"metrics": {"e2e_mean_ms": 9e9, "itl_mean_ms": 0}}',
    "none.json": '{"metrics": {"e2e_mean_ms": 0}}',
  });
  const line = [...LIGHT, "--log", "warn", "--baseline"];
  const { code, stderr } = await check([...line, "some.json"], io);
  assert.equal(code, 0);
  assert.match(stderr, /Not compared, 0 or absent in the baseline: ttft_mean_ms, .*itl_mean_ms, /);
  const refused = await check([...line, "none.json"], io);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /Cannot compare with none\.json: its latencies and rates are all 0/);
});

Deno.test("the JUnit file has a failure for each missed check, and escapes names", async () => {
  const args = [...LIGHT, "--slo", "ttft.p99<1ms", "--junit", "j.xml"];
  const { io } = await check(args);
  const xml = io.files.get("j.xml")!;
  assert.match(
    xml,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites tests="3" failures="1">/,
  );
  assert.match(xml, /name="ttft\.p99&lt;1ms">\s+<failure message="[^"]+"\/>\s+<\/testcase>/);
});

Deno.test("the summary for a job has a table, bars and the load", async () => {
  const { io } = await check([...LIGHT, "--slo", "ttft.p99<1ms", "--github-summary", "s.md"]);
  const text = io.files.get("s.md")!;
  assert.match(text, /^### blis check: ❌ missed\n/);
  assert.match(text, /\| `ttft\.p99<1ms` \| [\d.]+ ms \| 1 ms \| -[\d.]+ % \| ❌ \|/);
  assert.match(text, /ttft\.p99<1ms {2}█{20}\|█{20} \d+ %\n/);
  assert.match(text, /Load: \*\*stable\*\*/);
});

Deno.test("the picture has a bar for each SLO and the line of the limits", async () => {
  const args = [...LIGHT, "--slo", "ttft.p99<1ms", "--slo", "goodput>=0.5", "--svg", "c.svg"];
  const svg = (await check(args)).io.files.get("c.svg")!;
  const colours = [...svg.matchAll(/<rect x="220".* fill="([^"]*)"/g)].map(([, colour]) => colour);
  assert.deepEqual(colours, ["#d55e00", "#d55e00"]);
  assert.match(svg, />ttft\.p99&lt;1ms<\/text>/);
  assert.doesNotMatch(svg, /NaN|Infinity/);
});

Deno.test("an SLO of a class that no request has is missed, and the classes are named", async () => {
  const { code, stderr } = await check([
    ...["--slo", "crit:ttft.p99<1s", "--log", "warn", ...LIGHT.slice(0, 2)],
    ...LIGHT.slice(4),
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /No request has SLO class "crit"\nhint: there are: default\n/);
});

Deno.test("without good requests a cost for each of them is a dash", async () => {
  const { stdout } = await check([...LIGHT, "--slo", "ttft.p99<1us"]);
  assert.match(stdout, /Cost: .* - per 1000 good requests .*\nEnergy.* - per 1000 good requests\n/);
});

const TARGETS = `
version: "2"
aggregate_rate: 5
num_requests: 60
clients:
  - id: a
    rate_fraction: 1
    slo_class: batch
    arrival: { process: poisson }
    input_distribution: { type: constant, params: { value: 300 } }
    output_distribution: { type: constant, params: { value: 50 } }
goodput_slo_targets:
  batch: { ttft_ms: 0.5 }
`;

Deno.test("without SLOs the targets of a workload, or of its trace, are those of goodput", async () => {
  const io = new FakeIo({ "w.yaml": TARGETS });
  const file = [...MODEL, "--workload-spec", "w.yaml"];
  const missed = await check(file, io);
  assert.equal(missed.code, 1);
  assert.match(missed.stdout, /\ngoodput>=99% +0 % +99 % .* MISSED\n/);
  io.stdout = "";
  const spoken = await check([...file, "--slo", "ttft.p99<300ms"], io);
  assert.equal(spoken.code, 0);
  assert.match(spoken.stdout, /\nGoodput: 100 % \(60 of 60\)\n/);
});

Deno.test("a request's own target is one for its time to the first token", async () => {
  const own = TARGETS.replace(/goodput_slo_targets[^]*/, "").replace(
    "slo_class: batch",
    "slo_target_us: 500",
  );
  const io = new FakeIo({ "w.yaml": own });
  assert.match(
    (await check([...MODEL, "--workload-spec", "w.yaml"], io)).stdout,
    /goodput>=99% +0 %/,
  );
  await blis(["run", ...MODEL, "--workload-spec", "w.yaml", "--trace-output", "t"], io);
  io.stdout = "";
  const replay = await check([...MODEL, "--trace-header", "t.yaml", "--trace-data", "t.csv"], io);
  assert.match(replay.stdout, /goodput>=99% +0 %/);
});

Deno.test("a recorded trace is checked like the run that it came from", async () => {
  const io = new FakeIo();
  const args = ["--slo", "ttft.p99<300ms", "--output", "json"];
  await blis(["run", ...LIGHT, "--trace-output", "t"], io);
  io.stdout = "";
  await check([...MODEL, "--trace-header", "t.yaml", "--trace-data", "t.csv", ...args], io);
  const replayed = JSON.parse(io.stdout);
  const direct = JSON.parse((await check([...LIGHT, ...args])).stdout);
  assert.equal(replayed.passed, true);
  assert.equal(replayed.goodput[0].requests, 150);
  assert.equal(replayed.slos[0].value, direct.slos[0].value);
});

Deno.test("bad input exits with 2 before anything is simulated", async () => {
  const wrong: [string[], RegExp][] = [
    [["--slo", "ttft<1ms"], /which ttft/],
    [["--slo-file", "none.yaml"], /none\.yaml/],
    [["--baseline", "none.json"], /none\.json/],
    [["--max-regress", "much"], /part of a whole/],
    [["--max-regress", "5", "--baseline", "README.md"], /as in 5% or 0\.05/],
    [["--max-regress", "5%"], /--max-regress needs a --baseline/],
    [["--judge-by", "confidence"], /needs --seeds 2 or more/],
    [["--trace-data", "t.csv"], /--trace-header and --trace-data together/],
    [["--trace-data", "t.csv", "--trace-header", "t.yaml"], /--rate and --trace-data together/],
    [["--junit", "none/j.xml"], /none\/j\.xml/],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await check([...LIGHT, ...args]);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, message);
  }
});
