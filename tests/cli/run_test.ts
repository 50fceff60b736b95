import assert from "node:assert/strict";
import { blis, blisLine, FakeIo } from "./fake_io.ts";

const TARGET = "run --model qwen/qwen3-14b --latency-model roofline --hardware H100 --tp 1";
const SMALL = `${TARGET} --num-requests 8 --rate 4`;

async function stdoutOf(line: string, files: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await blisLine(line, new FakeIo(files));
  assert.equal(code, 0, stderr);
  return stdout;
}

function metricsIn(stdout: string): Record<string, number> {
  return JSON.parse(stdout.slice(stdout.indexOf("{"), stdout.indexOf("\n}") + 2));
}

Deno.test("a run prints its metrics to stdout and nothing to stderr", async () => {
  const { code, stdout, stderr, io } = await blisLine(SMALL);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.match(stdout, /^=== Simulation Metrics ===\n\{\n {2}"instance_id": "cluster",\n/);
  assert.equal(metricsIn(stdout).completed_requests, 8);
  assert.deepEqual(io.kept, ["read"]);
});

Deno.test("a preset gives the lengths, the defaults file the GPU: as the reference prints it", async () => {
  const stdout = await stdoutOf(
    "run --model Qwen/Qwen3-14B --latency-model roofline --workload chatbot --rate 4 " +
      "--num-requests 8 --timeout -1",
  );
  const metrics = metricsIn(stdout);
  assert.deepEqual(
    ["e2e_mean_ms", "ttft_p99_ms", "itl_p95_ms", "total_output_tokens"].map((k) => metrics[k]),
    [1645.577125, 21.129929999999998, 5.875, 2215],
  );
});

Deno.test("the same run prints the same bytes, however its flags are written", async () => {
  const expected = await stdoutOf(SMALL);
  const same = [
    `${TARGET} --rate=4 --num-requests=8`,
    `${SMALL} --max-num-seqs 256 --seed 42 --timeout 300`,
    `${SMALL} --max-num-running-reqs 3 --max-num-seqs 256`,
    `${SMALL} --log trace`,
    `${SMALL} --priority-policy constant`,
    "run --rate 4 --model QWEN/qwen3-14B --num-requests 8 --latency-model roofline",
  ];
  for (const line of same) assert.equal(await stdoutOf(line), expected, line);
  assert.notEqual(await stdoutOf(`${SMALL} --seed 43`), expected);
});

Deno.test("an older flag name counts like the new one", async () => {
  const narrow = `${TARGET} --num-requests 30 --rate 50`;
  assert.equal(
    await stdoutOf(`${narrow} --max-num-running-reqs 2 --max-num-scheduled-tokens 300`),
    await stdoutOf(`${narrow} --max-num-seqs 2 --max-num-batched-tokens 300`),
  );
});

Deno.test("a flag wins over the policy file, and this over the default", async () => {
  const line = `${TARGET} --num-requests 30 --rate 50 --num-instances 3`;
  const files = {
    "p.yaml": "routing:\n  policy: least-loaded\nadmission:\n  policy: reject-all\nscheduler: ''\n",
  };
  assert.equal(
    await stdoutOf(`${line} --policy-config p.yaml`, files),
    await stdoutOf(`${line} --routing-policy least-loaded --admission-policy reject-all`),
  );
  assert.equal(
    await stdoutOf(
      `${line} --policy-config p.yaml --routing-policy round-robin --admission-policy always-admit`,
      files,
    ),
    await stdoutOf(line),
  );
});

Deno.test("scorers of the flag, else of the file, else the default ones are used", async () => {
  const line = `${TARGET} --num-requests 40 --rate 80 --num-instances 4 --prefix-tokens 64`;
  const files = {
    "p.yaml": "routing: {policy: weighted, scorers: [{name: running-requests, weight: 2}]}\n",
  };
  const weighted = `${line} --routing-policy weighted`;
  assert.equal(
    await stdoutOf(`${line} --policy-config p.yaml`, files),
    await stdoutOf(`${weighted} --routing-scorers running-requests:2`),
  );
  assert.equal(
    await stdoutOf(weighted),
    await stdoutOf(
      `${weighted} --routing-scorers precise-prefix-cache:2,queue-depth:1,kv-utilization:1`,
    ),
  );
});

Deno.test("a spec file gives seed, end and number of requests unless flags do", async () => {
  const text = await Deno.readTextFile(
    new URL("../fixtures/cli/two_clients.yaml", import.meta.url),
  );
  const files = { "w.yaml": text, "h.yaml": text.replace("num_requests: 24", "horizon: 500000") };
  const line = `${TARGET} --workload-spec`;
  const all = metricsIn(await stdoutOf(`${line} w.yaml`, files));
  assert.equal(all.injected_requests, 24);
  const few = metricsIn(await stdoutOf(`${line} w.yaml --num-requests 5`, files));
  assert.equal(few.injected_requests, 5);
  const short = metricsIn(await stdoutOf(`${line} h.yaml`, files));
  const cut = metricsIn(await stdoutOf(`${line} w.yaml --horizon 500000`, files));
  assert.deepEqual(short, cut);
  assert.ok(short.vllm_estimated_duration_s! <= 0.5);
  assert.notDeepEqual(metricsIn(await stdoutOf(`${line} w.yaml --seed 42`, files)), all);
  assert.deepEqual(metricsIn(await stdoutOf(`${line} w.yaml --seed 5`, files)), all);
});

Deno.test("virtual users stop at the number of requests, and wait between two", async () => {
  const line = `${TARGET} --concurrency 3 --num-requests 9 --seed 7`;
  const eager = metricsIn(await stdoutOf(line));
  const slow = metricsIn(await stdoutOf(`${line} --think-time-ms 2000`));
  assert.equal(eager.completed_requests, 9);
  assert.equal(slow.completed_requests, 9);
  assert.ok(slow.vllm_estimated_duration_s! > eager.vllm_estimated_duration_s!);
});

Deno.test("the metrics file has the printed metrics and one entry a request", async () => {
  const io = new FakeIo();
  const { code, stdout } = await blisLine(`${SMALL} --metrics-path m.json`, io);
  assert.equal(code, 0);
  assert.equal(stdout, await stdoutOf(SMALL));
  assert.deepEqual(io.kept, ["read", "write"]);
  const { requests, ...metrics } = JSON.parse(io.files.get("m.json")!);
  assert.equal(requests.length, 8);
  for (const [key, value] of Object.entries(metricsIn(stdout))) assert.equal(metrics[key], value);
});

Deno.test("fitness and trace summary are printed where they are asked for", async () => {
  const stdout = await stdoutOf(
    `${SMALL} --fitness-weights throughput:1,p99_ttft:0 --trace-level decisions ` +
      "--counterfactual-k 1 --summarize-trace",
  );
  assert.match(stdout, /^=== Fitness Evaluation ===\nScore: 0\.\d{6}\n {2}p99_ttft: /m);
  assert.match(stdout, /^=== Trace Summary ===\nTotal Decisions: 8\n/m);
});

const SCORERS = "routing: { policy: round-robin, scorers: [{ name: queue-depth, weight: 1 }] }\n";

Deno.test("what would mislead is said on stderr, once", async () => {
  const said: Record<string, RegExp> = {
    "--routing-scorers nope:1": /--routing-scorers has no effect with routing policy "round-robin"/,
    "--policy-config scorers.yaml":
      /routing.scorers has no effect with routing policy "round-robin"/,
    "--token-bucket-capacity 5":
      /--token-bucket-capacity has no effect with admission policy "always-admit"/,
    "--token-bucket-refill-rate 5": /--token-bucket-refill-rate has no effect/,
    "--kv-transfer-bandwidth 5": /--kv-transfer-bandwidth has no effect without --kv-cpu-blocks/,
    "--kv-transfer-base-latency 5": /--kv-transfer-base-latency has no effect/,
    "--summarize-trace": /--summarize-trace has no effect/,
    "--counterfactual-k 2": /--counterfactual-k has no effect/,
    "--workload bursty --arrival-process poisson":
      /--arrival-process has no effect with preset bursty/,
    "--workload chatbot --prompt-tokens 5": /--prompt-tokens has no effect with preset chatbot/,
    "--think-time-ms 5": /--think-time-ms has no effect/,
    "--admission-policy reject-all": /"reject-all" rejected 8 of 8 requests[^]*Completed: 0 of 8/,
    "--max-model-len 300": /Dropped \d of 8 requests: /,
    "--horizon 900000": /Unfinished at the horizon: \d of \d requests/,
    "--horizon 5 --routing-latency 9": /No request can complete: the horizon of 5 µs/,
    "--timeout 1 --rate 90": /Timed out: \d of 8 requests\nhint: their timeout is shorter than/,
    "--max-num-seqs 1 --timeout 4": /Timed out: \d of 8 requests\nhint: requests queue up/,
    "--max-num-seqs 1 --num-requests 90 --timeout -1":
      /The deployment is saturated: the queue grew from /,
    "--latency-model trained-physics --prompt-tokens 4000":
      /note: trained-physics was measured with prompts of 547 to 1034 tokens, these have \d+ on/,
  };
  for (const [flags, message] of Object.entries(said)) {
    const world = () => new FakeIo({ "scorers.yaml": SCORERS });
    const { code, stderr } = await blisLine(`${SMALL} ${flags}`, world());
    assert.equal(code, 0, stderr);
    assert.match(stderr, message);
    const quiet = await blisLine(`${SMALL} ${flags} --log error`, world());
    assert.equal(quiet.stderr, "", flags);
  }
});

Deno.test("--arrival-process is that of a file, and users who wait for answers have none", async () => {
  const load = "--rate 5 --num-requests 20";
  const preset = (await blisLine(`convert preset --name chatbot ${load}`)).stdout;
  const files = { "w.yaml": preset.replace("process: constant", "process: poisson") };
  const random = await stdoutOf(`${TARGET} --workload chatbot ${load} --arrival-process poisson`);
  assert.equal(await stdoutOf(`${TARGET} --workload-spec w.yaml --seed 42`, files), random);
  assert.notEqual(await stdoutOf(`${TARGET} --workload chatbot ${load}`), random);
  const users = `${TARGET} --concurrency 2 --num-requests 4 --arrival-process poisson`;
  const { stderr } = await blisLine(users);
  assert.match(stderr, /--arrival-process has no effect with this kind of workload/);
});

Deno.test("the default latency model says that there is a better one", async () => {
  const line = "run --model qwen/qwen3-14b --num-requests 1";
  const { stderr, stdout } = await blisLine(line);
  assert.match(stderr, /^note: .*roofline.*52 %.*trained-physics 9 %\n$/);
  const chosen = await blisLine(`${line} --latency-model roofline`);
  assert.equal(chosen.stderr, "");
  assert.equal(chosen.stdout, stdout);
});

Deno.test("a switch may have its value behind an equals sign", async () => {
  const args = SMALL.split(" ");
  const on = await blis([...args, "--trace-level", "decisions", "--summarize-trace=true"]);
  const off = await blis([...args, "--trace-level", "decisions", "--summarize-trace=false"]);
  assert.match(on.stdout, /Trace Summary/);
  assert.doesNotMatch(off.stdout, /Trace Summary/);
});
