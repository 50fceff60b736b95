import assert from "node:assert/strict";
import { blis, blisLine, FakeIo } from "./fake_io.ts";

const DESCRIBE = "workload describe";

const EVEN = `version: "2"
seed: 3
aggregate_rate: 100
num_requests: 200
clients:
  - id: even
    tenant_id: one
    slo_class: standard
    rate_fraction: 3
    arrival: { process: constant }
    input_distribution: { type: constant, params: { value: 100 } }
    output_distribution: { type: constant, params: { value: 7 } }
    prefix_group: system
    prefix_length: 300
  - id: wide
    tenant_id: two
    slo_class: batch
    rate_fraction: 1
    arrival: { process: poisson }
    input_distribution: { type: gaussian, params: { mean: 500, std_dev: 90, min: 1, max: 999 } }
    output_distribution: { type: exponential, params: { mean: 50 } }
`;
const CHATS = `version: "2"
seed: 3
aggregate_rate: 10
num_requests: 40
clients:
  - id: chats
    rate_fraction: 1
    arrival: { process: poisson }
    input_distribution: { type: constant, params: { value: 64 } }
    output_distribution: { type: constant, params: { value: 32 } }
    reasoning:
      multi_turn: { max_rounds: 3, think_time_us: 1000, context_growth: accumulate }
`;
const FILES = { "even.yaml": EVEN, "chats.yaml": CHATS };

async function json(line: string) {
  const io = new FakeIo(FILES);
  const { code, stdout, stderr } = await blisLine(`${DESCRIBE} ${line} --output json`, io);
  assert.equal(code, 0, stderr);
  assert.deepEqual(io.kept, ["read"]);
  return JSON.parse(stdout);
}

Deno.test("describe shows rates, lengths, shares and what comes again", async () => {
  const line = `${DESCRIBE} even.yaml`;
  const { code, stdout, stderr } = await blisLine(line, new FakeIo(FILES));
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /^even\.yaml, seed 3\n {2}requests +200 in [12]\.\d* s\n/);
  assert.match(stdout, /^Requests per second\n( +\d\.\d\d s {2}█.* \d+(\.\d)?\n){20}\n/m);
  assert.match(stdout, /^Prompt tokens\n {2}min \d+ {2}mean \d+ {2}p50 400 /m);
  assert.match(stdout, /^ +400-449 {2}█{40} \d\d\.\d %$/m);
  assert.match(stdout, /^ {2}even +standard +7\d\.\d % +400 +7$/m);
  assert.match(stdout, /^SLO classes\n {2}standard {2}█{40} 7\d\.\d %\n {5}batch {2}█+\S? 2\d/m);
  assert.match(stdout, /^Tenants\n/m);
});

Deno.test("describe prints the same figures as JSON", async () => {
  const traffic = await json("even.yaml");
  assert.equal(traffic.requests, 200);
  assert.equal(traffic.complete, true);
  assert.equal(traffic.seed, "3");
  assert.ok(Math.abs(traffic.requests_per_sec - 100) < 15, traffic.requests_per_sec);
  const [even, wide] = traffic.clients;
  assert.equal(even.mean_prompt_tokens, 400);
  assert.equal(even.requests + wide.requests, 200);
  assert.equal(traffic.prefix_tokens, 300 * even.requests);
  // 18 full blocks of 16 tokens lie in the prefix; the first request of the group finds none.
  assert.equal(traffic.repeated_prompt_tokens, 18 * 16 * (even.requests - 1));
  assert.deepEqual(traffic.sessions, { count: 0, requests: 0, max_rounds: 0 });
  let counted = 0;
  for (const { count } of traffic.prompt_tokens.histogram) counted += count;
  assert.equal(counted, 200);
  assert.equal("assumed_itl_ms" in traffic, false);
});

Deno.test("later rounds come after assumed answers and repeat what was said", async () => {
  const fast = await json("chats.yaml --assumed-itl-ms 0");
  const slow = await json("chats.yaml --assumed-itl-ms 100");
  assert.equal(fast.assumed_itl_ms, 0);
  assert.equal(fast.sessions.max_rounds, 3);
  assert.equal(fast.requests, 3 * fast.sessions.count);
  assert.equal(slow.requests, fast.requests);
  assert.ok(slow.duration_s > fast.duration_s + 2 * 32 * 0.1 - 1);
  // Rounds 2 and 3 find 64 + 31 and 2 · (64 + 32) - 1 tokens in full blocks.
  assert.equal(fast.repeated_prompt_tokens, fast.sessions.count * (80 + 176));
  const { stdout } = await blisLine(`${DESCRIBE} chats.yaml`, new FakeIo(FILES));
  assert.match(stdout, /answers take 10 ms a token \(--assumed-itl-ms\)/);
});

Deno.test("a sample says that it is one", async () => {
  const traffic = await json("even.yaml --sample 50");
  assert.equal(traffic.requests, 50);
  assert.equal(traffic.complete, false);
  const all = await json("even.yaml --sample 200");
  assert.equal(all.complete, true);
  const io = new FakeIo(FILES);
  const { stdout } = await blisLine(`${DESCRIBE} even.yaml --sample 50`, io);
  assert.match(stdout, /requests +the first 50 in/);
  // Virtual users without an end of their own are cut, too.
  const users = await json("--concurrency 2 --horizon 9000000000000 --sample 30");
  assert.equal(users.requests, 30);
});

Deno.test("the time up to a horizon counts, also where nothing arrives", async () => {
  const { duration_s, rates } = await json("even.yaml --num-requests 0 --horizon 4000000");
  assert.equal(duration_s, 4);
  assert.equal(rates.at(-1).to_s, 4);
});

Deno.test("a workload without requests is described, too", async () => {
  const { stdout, code } = await blisLine(`${DESCRIBE} even.yaml --horizon 1`, new FakeIo(FILES));
  assert.equal(code, 0);
  assert.match(stdout, /requests +0 in 0\.000001 s/);
  assert.doesNotMatch(stdout, /NaN|Infinity/);
});

Deno.test("describe takes the flags of a workload that run takes", async () => {
  const byName = await json("--workload mixed-slo --rate 20 --num-requests 300");
  assert.deepEqual(byName.slo_classes.map(({ name }: { name: string }) => name).sort(), [
    "batch",
    "critical",
    "standard",
  ]);
  const byFlag = await json("--workload-spec even.yaml --seed 9");
  assert.equal(byFlag.seed, "9");
  assert.deepEqual(byFlag, await json("even.yaml --seed 9"));
  const flags = await json("--prompt-tokens 300 --prompt-tokens-stdev 0 --prefix-tokens 160");
  assert.equal(flags.prompt_tokens.max, 460);
  assert.equal(flags.gap_cv, 0);
});

Deno.test("what describe cannot read is refused with code 2 and an empty stdout", async () => {
  const rejected: Readonly<Record<string, RegExp>> = {
    "none.yaml": /Cannot access none\.yaml/,
    "even.yaml chats.yaml": /Unexpected argument "chats\.yaml"[^]*takes one argument/,
    "typo.yaml": /Unknown key "sed" in the file\n {2}--> typo\.yaml:1:1[^]*did you mean "seed"/,
    "even.yaml --concurrency 3": /--concurrency and --workload-spec together/,
    "--workload nope": /Cannot use "nope" for --workload/,
    "even.yaml --sample 0": /Cannot use 0 for --sample/,
    "even.yaml --assumed-itl-ms -1": /Cannot use -1 for --assumed-itl-ms/,
    "even.yaml --output xml": /Cannot use "xml" for --output/,
    "even.yaml --num-requests 0": /The workload has no end/,
    "even.yaml --model qwen/qwen3-14b": /Unknown flag --model/,
  };
  for (const [line, message] of Object.entries(rejected)) {
    const io = new FakeIo({ ...FILES, "typo.yaml": "sed: 1\n" });
    const { code, stdout, stderr } = await blisLine(`${DESCRIBE} ${line}`, io);
    assert.equal(code, 2, line);
    assert.equal(stdout, "", line);
    assert.match(stderr, message, line);
  }
});

Deno.test("the help names the argument", async () => {
  const { stdout } = await blis(["workload", "describe", "--help"]);
  assert.match(stdout, /^Usage: blis workload describe \[flags\] \[file\]$/m);
});
