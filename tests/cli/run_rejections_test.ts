import assert from "node:assert/strict";
import { blisLine, FakeIo } from "./fake_io.ts";

const TWO_CLIENTS = await Deno.readTextFile(
  new URL("../fixtures/cli/two_clients.yaml", import.meta.url),
);

const FILES = {
  "w1.yaml": TWO_CLIENTS,
  "w_unk.yaml": 'version: "2"\nseed: 1\nbogus: 2\n',
  "w_empty.yaml": 'version: "2"\naggregate_rate: 5\nnum_requests: 3\nclients: []\n',
  "pb_bad.yaml": "admission:\n  policy: nope\n",
  "pb_unk.yaml": "bogus: 1\n",
  "pb_twice.yaml": "routing:\n  scorers:\n  - {name: queue-depth, weight: 1}\n" +
    "  - {name: queue-depth, weight: 2}\n",
  "pb_class.yaml": "admission: {slo_priorities: {batch: 101}}\n",
  "mcf/config.json": "{}",
};

/** Command lines that are refused before anything is simulated, and what is said. */
const REJECTED: Readonly<Record<string, RegExp>> = {
  "--log loud": /Cannot use "loud" for --log: it must be one of panic, fatal/,
  "--rate 0": /Cannot use 0 for --rate: it must be > 0/,
  "--rate NaN": /Cannot use "NaN" for --rate: it must be a decimal number/,
  "--rate 1e999": /Cannot use 1e999 for --rate: it must be a finite number/,
  "--num-requests -1": /Cannot use -1 for --num-requests: it must be >= 0/,
  "--num-requests 0": /The workload has no end\nhint: give --num-requests or --horizon/,
  "--concurrency 2 --rate 3": /Cannot use --rate and --concurrency together/,
  "--concurrency 2": /The workload has no end/,
  "--concurrency -2": /Cannot use -2 for --concurrency: it must be >= 0/,
  "--think-time-ms -1": /Cannot use -1 for --think-time-ms/,
  "--prompt-tokens 9000": /Cannot use 9000 for --prompt-tokens: it must be within 2..7000/,
  "--prompt-tokens-min 0": /Cannot use 0 for --prompt-tokens-min: it must be >= 1/,
  "--prompt-tokens-min 10 --prompt-tokens-max 5":
    /Cannot use 10 for --prompt-tokens-min: it must be <= --prompt-tokens-max 5/,
  "--prompt-tokens 50 --prompt-tokens-max 100": /Cannot use 256 for --prompt-tokens-stdev/,
  "--output-tokens-stdev -1": /Cannot use -1 for --output-tokens-stdev: it must be >= 0/,
  "--timeout 0": /Cannot use 0 for --timeout: it must be > 0, or negative for none/,
  "--workload nope": /Cannot use "nope" for --workload: it must be one of distribution, chatbot/,
  "--workload chatbt": /did you mean "chatbot"\?/,
  "--workload-spec missing.yaml": /Cannot access missing.yaml: no such file/,
  "--workload-spec w_unk.yaml": /Unknown key "bogus" in the file\n {2}--> w_unk.yaml:3:1\n/,
  "--workload-spec w_empty.yaml": /--> w_empty.yaml:1:1/,
  "--workload-spec w1.yaml --concurrency 2": /--concurrency and --workload-spec together/,
  "--horizon 0": /Cannot use 0 for --horizon: it must be > 0/,
  "--horizon 9223372036854775808": /it must be <= 9223372036854775807/,
  "--total-kv-blocks 0": /Cannot use 0 for --total-kv-blocks: it must be > 0/,
  "--max-num-seqs 0": /Cannot use 0 for --max-num-seqs/,
  "--max-num-running-reqs 0": /Cannot use 0 for --max-num-seqs/,
  "--max-num-batched-tokens -1": /Cannot use -1 for --max-num-batched-tokens/,
  "--long-prefill-token-threshold -1": /Cannot use -1 for --long-prefill-token-threshold/,
  "--block-size-in-tokens 0": /Cannot use 0 for --block-size-in-tokens/,
  "--gpu-memory-utilization 1.5": /Cannot use 1.5 for --gpu-memory-utilization: it must be <= 1/,
  "--max-model-len -1": /Cannot use -1 for --max-model-len/,
  "--num-instances 0": /Cannot use 0 for --num-instances/,
  "--latency-model nope": /Cannot use "nope" for --latency-model: it must be one of roofline/,
  "--alpha-coeffs 1,2,3": /Cannot use --alpha-coeffs without --beta-coeffs/,
  "--beta-coeffs 1,2,3": /Cannot use --beta-coeffs without --alpha-coeffs/,
  "--alpha-coeffs 1,2,3 --beta-coeffs 1,-2,3": /Cannot use -2 for --beta-coeffs\[1\]/,
  "--alpha-coeffs 1,2,3 --beta-coeffs 1,2,3": /Latency model roofline takes no coefficients/,
  "--alpha-coeffs 1,x": /Cannot use "x" for --alpha-coeffs: it must be a decimal number/,
  "--latency-model crossmodel --alpha-coeffs 1,2 --beta-coeffs 1,2,3,4":
    /Latency model "crossmodel" needs 3 alpha coefficients >= 0, got 2/,
  "--model no/such": /Cannot find the config.json of model "no\/such"/,
  "--model a/../../etc": /Cannot use "a\/..\/..\/etc" for --model: it must be no path/,
  "--model-config-folder emptydir": /Cannot access emptydir\/config.json/,
  "--model-config-folder mcf": /config.json has no usable "intermediate_size"/,
  "--hardware B300": /Cannot find GPU "B300"[^]*hint: .*use one of A100-40, .*H100, .*MI300X/,
  "--hardware h100": /hint: did you mean "H100"\? if not, use one of A100-40/,
  "--hardware-config none.json": /Cannot access none.json/,
  "--defaults-filepath none.yaml": /Cannot access none.yaml/,
  "--tp 3": /Cannot split 8 key-value heads evenly over 3 GPUs/,
  "--admission-policy nope": /it must be one of always-admit, gaie-legacy, reject-all/,
  "--routing-policy nope": /it must be one of always-busiest, least-loaded, round-robin, weighted/,
  "--scheduler nope": /it must be one of fcfs, priority-fcfs, sjf, reverse-priority/,
  "--priority-policy nope": /it must be one of constant, slo-based, inverted-slo/,
  "--admission-policy token-bucket --token-bucket-capacity 0":
    /Cannot use 0 for --token-bucket-capacity: it must be > 0 for token-bucket/,
  "--routing-policy weighted --routing-scorers nope:1":
    /Cannot use "nope" in --routing-scorers: it must be one of active-requests/,
  "--routing-policy weighted --routing-scorers queue-depth:-1":
    /Cannot use -1 in --routing-scorers: the weight of "queue-depth"/,
  "--routing-policy weighted --routing-scorers queue-depth:1,queue-depth:2":
    /Scorer "queue-depth" appears twice in --routing-scorers/,
  "--routing-policy weighted --routing-scorers=":
    /Cannot use "" for --routing-scorers: it must not be empty/,
  "--trace-level full": /Cannot use "full" for --trace-level: it must be one of none, decisions/,
  "--counterfactual-k -1": /Cannot use -1 for --counterfactual-k/,
  "--kv-cpu-blocks -1": /Cannot use -1 for --kv-cpu-blocks/,
  "--kv-offload-threshold 1.1": /Cannot use 1.1 for --kv-offload-threshold: it must be <= 1/,
  "--kv-cpu-blocks 5 --kv-transfer-bandwidth 0":
    /Cannot use 0 for --kv-transfer-bandwidth: it must be > 0 with --kv-cpu-blocks/,
  "--snapshot-refresh-interval -1": /Cannot use -1 for --snapshot-refresh-interval/,
  "--admission-latency -1": /Cannot use -1 for --admission-latency/,
  "--policy-config missing.yaml": /Cannot access missing.yaml/,
  "--policy-config pb_bad.yaml":
    /Cannot use "nope" for admission.policy: [^]*pb_bad.yaml:2:11\n2 \| {3}policy: nope\n {2}\| {11}\^{4}\n/,
  "--policy-config pb_unk.yaml": /Unknown key "bogus" in the file/,
  "--policy-config pb_twice.yaml": /Scorer "queue-depth" appears twice\n {2}--> pb_twice.yaml:4:12/,
  "--policy-config pb_class.yaml": /Cannot use 101 for admission.slo_priorities.batch/,
  "--fitness-weights foo:1 --num-requests 2":
    /Cannot use "foo" in --fitness-weights: it must be one of throughput/,
  "--fitness-weights throughput --num-requests 2": /it must be written name:weight/,
  "--num-requests 2 --metrics-path nodir/m.json": /Cannot access nodir\/m.json/,
};

const TARGET = "run --model qwen/qwen3-14b --latency-model roofline --hardware H100 --tp 1";

for (const [flags, message] of Object.entries(REJECTED)) {
  Deno.test(`run ${flags} is refused`, async () => {
    const { code, io, stdout, stderr } = await blisLine(`${TARGET} ${flags}`, new FakeIo(FILES));
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: [A-Z]/);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.equal(io.files.size, Object.keys(FILES).length);
  });
}
