import assert from "node:assert/strict";
import { blis, FakeIo } from "./fake_io.ts";

const MODEL = "--model qwen/qwen3-14b --log error".split(" ");
const SLOS = ["--slo", "ttft.p99<300ms", "--slo", "itl.p95<25ms"];

function capacity(args: readonly string[], io?: FakeIo) {
  return blis(["capacity", ...MODEL, ...args], io);
}

async function found(args: readonly string[]) {
  const { code, stdout, stderr } = await capacity([...args, "--output", "json"]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("the largest rate holds in a check, and one a little above it does not", async () => {
  const { answer, binding, next, is_monotone, curve } = await found(SLOS);
  assert.deepEqual([binding, next.slo, is_monotone], ["itl.p95<25ms", "ttft.p99<300ms", true]);
  const check = async (rate: number) => {
    const numRequests = String(Math.ceil(600 * rate));
    const load = ["--rate", String(rate), "--num-requests", numRequests];
    return (await blis(["check", ...MODEL, ...SLOS, ...load])).code;
  };
  assert.equal(await check(answer), 0);
  assert.equal(await check(answer * 1.02), 1);
  assert.ok(curve.length >= 10);
  for (const { x, holds } of curve) assert.equal(holds, x <= answer);
});

Deno.test("the output says for how long the largest rate holds, and longer runs hardly lower it", async () => {
  const slo = SLOS.slice(0, 2);
  const { answer, duration_s } = await found(slo);
  const short = await found([...slo, "--duration", "60"]);
  const long = await found([...slo, "--duration", "1200"]);
  assert.deepEqual([duration_s, short.duration_s, long.duration_s].map(Math.round), [
    600,
    60,
    1200,
  ]);
  assert.ok(long.answer > answer / 1.015 && short.answer < answer * 1.04);
  const { stdout } = await capacity(slo);
  assert.match(
    stdout,
    /\nHolds: in runs of 600 s, for evenly spaced requests, see --arrival-process\n/,
  );
});

Deno.test("random arrivals leave less room than evenly spaced ones", async () => {
  const slo = ["--slo", "ttft.p99<100ms"];
  const even = await found(slo);
  const random = await found([...slo, "--arrival-process", "poisson"]);
  assert.deepEqual([even.is_evenly_spaced, random.is_evenly_spaced], [true, false]);
  assert.ok(random.answer < 0.7 * even.answer);
});

Deno.test("the answer does not depend on where the search starts by more than its precision", async () => {
  const low = await found([...SLOS, "--rate", "0.7"]);
  const high = await found([...SLOS, "--rate", "40"]);
  assert.ok(Math.abs(low.answer / high.answer - 1) < 0.011);
});

Deno.test("the load alone bounds the rate where no SLO does", async () => {
  const { answer, binding, curve } = await found([]);
  assert.equal(binding, "load");
  assert.ok(
    curve.every((point: { x: number; saturation: { verdict: string } | null }) =>
      point.x <= answer ? point.saturation!.verdict === "stable" : true
    ),
  );
});

Deno.test("the fewest instances, GPUs and the smallest tp hold, and fewer do not", async () => {
  for (const find of ["instances", "gpus", "tp"]) {
    const { answer, curve } = await found([...SLOS, "--rate", "24", "--find", find]);
    assert.ok(answer > 1, find);
    const smaller = curve.filter((point: { x: number }) => point.x < answer);
    assert.ok(smaller.length > 0);
    assert.ok(smaller.every((point: { holds: boolean }) => !point.holds), find);
  }
});

Deno.test("a hopeless run is given up, and says so", async () => {
  const { curve } = await found([...SLOS, "--rate", "100", "--find", "instances"]);
  assert.deepEqual(
    [curve[0].holds, curve[0].reason, curve[0].metrics],
    [false, "saturated: given up early", null],
  );
});

Deno.test("the text has the answer, what binds it, its cost and the curve as bars", async () => {
  const { code, stdout } = await capacity([...SLOS, "--gpu-price", "H100=2"]);
  assert.equal(code, 0);
  assert.match(stdout, /^Largest rate: [\d.]+ requests\/s \(1 instance of 1 x H100\)\n/);
  assert.match(stdout, /Binding: itl\.p95<25ms, margin [\d.]+ %\nAt [\d.]+ requests\/s: missed/);
  assert.match(stdout, /Cost: \$2\.00\/h, .* per 1000 good requests \(--gpu-price\)\n/);
  assert.match(stdout, /Energy \(estimate\): /);
  assert.match(stdout, /itl\.p95<25ms +[\d.]+ % +█+░*\|/);
});

Deno.test("the picture has a line for each SLO", async () => {
  const { io } = await capacity([...SLOS, "--svg", "c.svg"]);
  const svg = io.files.get("c.svg")!;
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 720 400"/);
  assert.equal([...svg.matchAll(/<polyline /g)].length, 3);
  assert.match(svg, />ttft\.p99&lt;300ms<\/text>/);
  assert.doesNotMatch(svg, /NaN|Infinity/);
});

Deno.test("configurations are ranked by cost, with a front and reasons for those that fail", async () => {
  const args = [...SLOS, "--over", "hardware=H100,L40S", "--over", "tp=1,2", "--rate", "8"];
  const prices = ["--gpu-price", "L40S=0.1", "--gpu-price", "H100=9"];
  const { configurations } = await found([...args, ...prices]);
  assert.equal(configurations.length, 4);
  const costs = configurations.map((c: { capacity: { cost: Record<string, number> } }) =>
    c.capacity.cost.usd_per_1000_good_requests
  );
  assert.deepEqual(costs, [...costs].sort((a: number, b: number) => a - b));
  assert.equal(configurations[0].parameters.hardware, "L40S");
  const front = configurations.filter((c: { is_on_front: boolean }) => c.is_on_front);
  assert.ok(front.length >= 2);
  const text =
    (await capacity([...SLOS, "--over", "hardware=H100,L40S", "--over", "tp=1,3"])).stdout;
  assert.match(text, /hardware=H100 tp=3 +-.*\n/);
  assert.match(text, /\nhardware=H100 tp=3: .+\n/);
  assert.match(text, /Pareto front, rate against \$\/h:\n {2}\$1\.86\/h {2}hardware=L40S tp=1: /);
});

Deno.test("where nothing holds the exit code is 1", async () => {
  const { code, stdout, stderr } = await capacity(["--slo", "ttft.p99<1us"]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^Largest rate: none holds\nReason: at 0\.01 requests\/s missed ttft\.p99<1us\n/,
  );
  assert.equal(stderr, "check failed: no rate up to 10000 holds the SLOs\n");
});

Deno.test("a throughput that is asked for is looked for at higher rates", async () => {
  const { answer, is_monotone, curve } = await found(["--slo", "throughput>=10"]);
  assert.ok(answer > 10);
  assert.equal(is_monotone, true);
  assert.ok(curve[0].x < 10);
  assert.equal(curve[0].holds, false);
  const { code, stdout } = await capacity(["--slo", "throughput>=100"]);
  assert.equal(code, 1);
  assert.match(stdout, /\nReason: at 1[0-9.]+ requests\/s missed throughput>=100\n/);
});

Deno.test("where the least that can be tried holds, nothing binds", async () => {
  const { stdout } = await capacity(["--find", "instances", "--rate", "2", ...SLOS]);
  assert.match(stdout, /^Fewest instances for 2 requests\/s: 1 \(1 instance of 1 x H100\)\n/);
  assert.match(stdout, /\nBinding: nothing, it is the least\nTightest: itl\.p95<25ms, margin /);
});

Deno.test("the axis of whole numbers has whole ticks, and each number of GPUs one point", async () => {
  const args = [...SLOS, "--find", "gpus", "--rate", "24", "--svg", "g.svg"];
  const { io } = await capacity(args);
  const svg = io.files.get("g.svg")!;
  const ticks = [...svg.matchAll(/y="366\.0" text-anchor="middle">([^<]*)</g)].map(([, t]) => t);
  assert.ok(ticks.length >= 2 && ticks.every((tick) => /^\d+$/.test(tick!)), ticks.join(" "));
  for (const [, points] of svg.matchAll(/ points="([^"]*)"/g)) {
    const xs = points!.split(" ").map((xy) => Number(xy.split(",")[0]));
    assert.deepEqual(xs, [...new Set(xs)].sort((a, b) => a - b));
  }
});

Deno.test("GPUs count replicas too, and what does not fit is tried once and binds", async () => {
  const model = "--model mixtral-8x7b-v0.1 --hardware H100 --latency-model trained-physics --dp 2";
  const args = [...model.split(" "), ..."--find gpus --rate 4 --num-requests 100".split(" ")];
  const { answer, binding, curve } = await found(args);
  assert.deepEqual([answer, binding], [4, "fit of the model"]);
  assert.deepEqual(
    curve.map(({ x, tp, holds }: Record<string, unknown>) => [x, tp, holds]),
    [[2, null, false], [4, 2, true]],
  );
});

Deno.test("a price for a GPU that nothing runs on is named", async () => {
  const { code, stderr } = await capacity([...SLOS, "--gpu-price", "h100=2", "--log", "warn"]);
  assert.equal(code, 0);
  assert.match(stderr, /The price of h100 has no effect: .*\nhint: did you mean "H100"\?/);
});

Deno.test("an unknown price leaves the cost unknown, a file states it", async () => {
  const files = { "p.json": '{"L40S": {"usdPerHour": 1, "tdpWatts": 300}}' };
  const unknown = await capacity(["--gpu-price-file", "p.json"], new FakeIo(files));
  assert.match(unknown.stdout, /Cost: unknown; state a price with --gpu-price\n/);
  const args = ["--gpu-price-file", "p.json", "--hardware", "L40S"];
  const known = await capacity(args, new FakeIo(files));
  assert.match(known.stdout, /Cost: \$1\.00\/h, .*\(p\.json\)\n/);
});

Deno.test("bad input exits with 2", async () => {
  const wrong: [string, RegExp][] = [
    ["--find speed", /must be one of rate, instances, tp, gpus/],
    ["--find tp --over tp=1,2", /Cannot vary tp with --find tp/],
    ["--over tpp=1", /did you mean "tp"\?/],
    ["--over tp=x", /must be a whole number/],
    ["--over tp", /must be like tp=1,2/],
    ["--over tp=1 --over tp=2", /Cannot vary tp twice/],
    ["--over hardware=None", /None/],
    ["--over tp=1 --svg c.svg", /--svg and --over together/],
    ["--find instances --most 2.5", /must be a whole number/],
    ["--gpu-price H100", /as in H100=2\.5/],
    ["--concurrency 4 --num-requests 50", /no rate to vary\nhint: use --find instances/],
    ["--find instances --num-instances 4", /--num-instances and --find instances together/],
    ["--find gpus --tp 4", /--tp and --find gpus together/],
    ["--precision 0", /must be > 0/],
    ["--precision 5", /as in 5% or 0\.05/],
    ["--over tp=1,1", /Cannot try tp=1 twice/],
  ];
  for (const [line, message] of wrong) {
    const { code, stdout, stderr } = await capacity(line.split(" "));
    assert.deepEqual([code, stdout], [2, ""], line);
    assert.match(stderr, message);
  }
});
