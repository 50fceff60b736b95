import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { blis, FakeIo, type Outcome } from "./fake_io.ts";

const GRID = `
base:
  model: qwen/qwen3-14b
  latency-model: roofline
  num-requests: 5
list:
  - num-instances: 1
  - { num-instances: 2, routing-policy: least-loaded }
grid:
  rate: [3, 30.5]
seeds: [7, -8]
`;
const NUM_RUNS = 8;

function sweep(args: string, files: Record<string, string> = {}, io?: FakeIo): Promise<Outcome> {
  return blis(
    ["sweep", ...args.split(" "), "--jobs", "1"],
    io ?? new FakeIo({ "grid.yaml": GRID, ...files }),
  );
}

async function resultsOf(args: string, files: Record<string, string> = {}): Promise<string> {
  const { code, stderr, io } = await sweep(`${args} --out r.jsonl`, files);
  assert.equal(code, 0, stderr);
  return io.files.get("r.jsonl")!;
}

function linesOf(text: string): { [key: string]: unknown }[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

const whole = await resultsOf("grid.yaml");

Deno.test("a sweep runs all combinations of list, grid and seeds, the seeds fastest", () => {
  assert.deepEqual(
    linesOf(whole).map(({ run, runs, parameters, seed }) => ({ run, runs, parameters, seed })),
    [
      [{ "num-instances": 1, rate: 3 }, "7"],
      [{ "num-instances": 1, rate: 3 }, "-8"],
      [{ "num-instances": 1, rate: 30.5 }, "7"],
      [{ "num-instances": 1, rate: 30.5 }, "-8"],
      [{ "num-instances": 2, "routing-policy": "least-loaded", rate: 3 }, "7"],
      [{ "num-instances": 2, "routing-policy": "least-loaded", rate: 3 }, "-8"],
      [{ "num-instances": 2, "routing-policy": "least-loaded", rate: 30.5 }, "7"],
      [{ "num-instances": 2, "routing-policy": "least-loaded", rate: 30.5 }, "-8"],
    ].map(([parameters, seed], run) => ({ run, runs: NUM_RUNS, parameters, seed })),
  );
});

Deno.test("a line has the metrics of the same run by hand, and the hash of its whole result", async () => {
  const line = linesOf(await resultsOf("grid.yaml --sha256"))[7]!;
  const { stdout } = await blis([
    ...["run", "--model", "qwen/qwen3-14b", "--latency-model", "roofline", "--num-requests", "5"],
    ...["--num-instances", "2", "--routing-policy", "least-loaded", "--rate", "30.5"],
    ...["--seed", "-8", "--output", "json"],
  ]);
  assert.equal(line.sha256, createHash("sha256").update(stdout).digest("hex"));
  const { instance_id: _, ...metrics } = JSON.parse(stdout).metrics;
  assert.deepEqual(line.metrics, { ...metrics, rejected_admission: 0, rejected_routing: 0 });
});

Deno.test("a sweep that states no seed takes that of the workload file, as a run does", async () => {
  const workload = await Deno.readTextFile(
    new URL("../fixtures/cli/two_clients.yaml", import.meta.url),
  );
  const base = "base: { model: qwen/qwen3-14b, num-requests: 5, workload-spec: w.yaml }\n";
  const sweepLine = async (more: string) => {
    const files = { "grid.yaml": base + more, "w.yaml": workload };
    return linesOf(await resultsOf("grid.yaml --sha256 --log error", files))[0]!;
  };
  const hashOfRun = async (flags: string) => {
    const line = `run --model qwen/qwen3-14b --num-requests 5 --workload-spec w.yaml ${flags}`;
    const args = `${line} --output json --log error`.split(" ").filter((word) => word !== "");
    const { stdout } = await blis(args, new FakeIo({ "w.yaml": workload }));
    return createHash("sha256").update(stdout).digest("hex");
  };
  const own = await sweepLine("");
  assert.deepEqual([own.seed, own.sha256], ["5", await hashOfRun("")]);
  const stated = await sweepLine("num_seeds: 2\n");
  assert.deepEqual([stated.seed, stated.sha256], ["42", await hashOfRun("--seed 42")]);
  assert.notDeepEqual(own.metrics, stated.metrics);
});

Deno.test("a sweep that is run again does what is missing, after what is there", async () => {
  const lines = whole.split("\n");
  const half = `${lines[5]}\n${lines[1]}\n${lines[3]!.slice(0, 40)}`;
  const again = await resultsOf("grid.yaml", { "r.jsonl": half });
  assert.equal(again.startsWith(`${lines[5]}\n${lines[1]}\n`), true);
  assert.deepEqual(again.split("\n").sort(), whole.split("\n").sort());
  const { stdout } = await sweep("grid.yaml --out r.jsonl", { "r.jsonl": whole });
  const { stdout: report } = await blis(
    ["sweep", "report", "r.jsonl"],
    new FakeIo({ "r.jsonl": again }),
  );
  assert.equal(report, stdout);
});

Deno.test("shards that are merged equal the whole, however many and in whatever order", async () => {
  const numShards = fc.integer({ min: 1, max: NUM_RUNS + 1 });
  const shuffled = numShards.chain((n) =>
    fc.shuffledSubarray(Array.from({ length: n }, (_, i) => i), { minLength: n })
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async (order) => {
      const parts: Record<string, string> = {};
      for (const i of order) {
        parts[`part-${i}.jsonl`] = await resultsOf(`grid.yaml --shard ${i}/${order.length}`);
      }
      const io = new FakeIo(parts);
      const { code, stderr } = await blis(
        ["sweep", "merge", ...order.map((i) => `part-${i}.jsonl`), "--out", "all.jsonl"],
        io,
      );
      assert.equal(code, 0, stderr);
      assert.equal(io.files.get("all.jsonl"), whole);
    }),
    { seed: 1, numRuns: 8 },
  );
});

async function mergeError(files: Record<string, string>): Promise<string> {
  const io = new FakeIo(files);
  const { code, stderr } = await blis(
    ["sweep", "merge", ...Object.keys(files), "--out", "all.jsonl"],
    io,
  );
  assert.equal(code, 2);
  assert.equal(io.files.has("all.jsonl"), false);
  return stderr;
}

Deno.test("merge refuses what is missing, double, torn or of another sweep", async () => {
  const lines = whole.split("\n");
  const without = (...left: number[]) => lines.filter((_, i) => !left.includes(i)).join("\n");
  assert.match(await mergeError({ a: without(2, 6) }), /^error: Missing 2 of 8 runs: 2, 6\nhint: /);
  assert.match(await mergeError({ a: whole.slice(0, -9) }), /^error: Missing 1 of 8 runs: 7\n/);
  assert.match(
    await mergeError({ a: without(2), b: `${lines[2]}\n${lines[3]}\n` }),
    /^error: Run 3 is there twice: it stands in a too\n {2}--> b:2:1\n/,
  );
  assert.match(await mergeError({ a: "" }), /^error: No runs in a\n/);
  const other = await resultsOf("grid.yaml", { "grid.yaml": GRID.replace("30.5", "30") });
  assert.match(
    await mergeError({ a: without(2), b: `${other.split("\n")[2]}\n` }),
    /^error: Cannot join b and a: they are of different sweeps\n {2}--> b:1:1\n/,
  );
  assert.match(
    await mergeError({ a: `${lines[0]}\n{"run": 1}\n` }),
    /^error: Missing key "sweep" in the file\n {2}--> a:2:1\n/,
  );
  assert.match(
    await mergeError({ a: `${lines[0]}\nhalf\n` }),
    /^error: Cannot read a run of a sweep as JSON: .*\n {2}--> a:2:1\n/,
  );
  assert.match(
    await mergeError({ a: `${lines[0]}\n${other.split("\n")[1]}\n` }),
    /^error: The file a holds runs of different sweeps\n {2}--> a:2:1\n/,
  );
});

Deno.test("results of another sweep or shard are not added to", async () => {
  const other = await resultsOf("grid.yaml", { "grid.yaml": GRID.replace("30.5", "30") });
  const refused = async (args: string, stored: string) => {
    const { code, stderr, io } = await sweep(`${args} --out r.jsonl`, { "r.jsonl": stored });
    assert.equal(code, 2);
    assert.equal(io.files.get("r.jsonl"), stored);
    return stderr;
  };
  assert.match(
    await refused("grid.yaml", other),
    /^error: The file r\.jsonl holds the results of another sweep\n/,
  );
  assert.match(
    await refused("grid.yaml --shard 1/2", whole),
    /^error: The file r\.jsonl holds run 0, which is not of shard 1\/2\n/,
  );
});

Deno.test("the digest of a sweep changes with the content of a file that it names", async () => {
  const files = (rate: number) => ({
    "f/grid.yaml": "base: {model: qwen/qwen3-14b, latency-model: roofline, workload-spec: w.yaml}",
    "f/w.yaml": `
version: "2"
aggregate_rate: ${rate}
num_requests: 2
clients:
  - id: a
    rate_fraction: 1
    arrival: { process: constant }
    input_distribution: { type: constant, params: { value: 9 } }
    output_distribution: { type: constant, params: { value: 3 } }
`,
  });
  const digests = await Promise.all(
    [1, 1, 2].map(async (rate) => linesOf(await resultsOf("f/grid.yaml", files(rate)))[0]!.sweep),
  );
  assert.equal(digests[0], digests[1]);
  assert.notEqual(digests[0], digests[2]);
});

Deno.test("a wrong sweep is refused at its place before anything is run", async () => {
  const base = "base:\n  model: qwen/qwen3-14b\n";
  const wrong: readonly (readonly [text: string, message: string, place: string])[] = [
    [`${base}  rat: 5\n`, 'Unknown key "rat" in base', "3:3"],
    [`${base}  seed: 5\n`, 'Unknown key "seed" in base', "3:3"],
    [`${base}grid:\n  rate: [5, -1]\n`, "Cannot use -1 for grid.rate[1]: it must be > 0", "4:13"],
    [`${base}grid:\n  rate: 5\n`, "Cannot use 5 for grid.rate: it must be a list", "4:9"],
    [
      `${base}grid:\n  rate: [5, 5]\n`,
      "Cannot use a list for grid.rate: it must not repeat a value",
      "4:9",
    ],
    [`${base}  rate: 4\ngrid:\n  rate: [5]\n`, '"rate" stands in base and in grid', "3:9"],
    [`${base}list: [{ model: a }]\n`, '"model" stands in list and in base', "3:17"],
    ["base: { rate: 4 }\n", "Give a model", "1:7"],
    [
      `${base}grid:\n  prompt-tokens: [512, 9000]\n`,
      "Cannot use 9000 for --prompt-tokens: it must be within 2..7000, the range of " +
      "--prompt-tokens-min and -max",
      "4:24",
    ],
    [
      `${base}  routing-policy: weighted\nlist:\n  - routing-scorers: queue-depth:0\n`,
      'Cannot use 0 in --routing-scorers: the weight of "queue-depth" must be a number > 0',
      "5:22",
    ],
    [`${base}seeds: [1]\nnum_seeds: 2\n`, "Cannot use seeds and num_seeds together", "4:12"],
    [`${base}seeds: [1, 1]\n`, "Cannot use a list for seeds: it must not repeat a value", "3:8"],
    [
      `${base}num_seeds: 2000000\n`,
      "Cannot plan 2000000 runs: the most is 1000000",
      "1:1",
    ],
  ];
  for (const [text, message, place] of wrong) {
    const { code, stderr, io } = await sweep("grid.yaml --out r.jsonl --log error", {
      "grid.yaml": text,
    });
    assert.equal(code, 2);
    assert.equal(
      stderr.split("\n").slice(0, 2).join("\n"),
      `error: ${message}\n  --> grid.yaml:${place}`,
    );
    assert.equal(io.files.has("r.jsonl"), false, "nothing is written");
  }
});

Deno.test("what a setting lacks beyond the sweep file is told with its flags", async () => {
  const { code, stderr } = await sweep("grid.yaml --out r.jsonl --log error", {
    "grid.yaml": "base: { model: qwen/qwen3-14b }\ngrid: { rate: [5], tp: [1, 3] }\n",
  });
  assert.equal(code, 2);
  assert.match(stderr, /^error: With --rate 5 --tp 3: Cannot split 8 key-value heads evenly /);
});

Deno.test("a model that does not fit and a file that is missing are shown where they are set", async () => {
  const firstLines = async (text: string) => {
    const { code, stderr } = await sweep("f/grid.yaml --out r.jsonl --log error", {
      "f/grid.yaml": text,
    });
    assert.equal(code, 2);
    return stderr.split("\n").slice(0, 3);
  };
  const [message, place, line] = await firstLines(
    "base: { model: qwen/qwen3-14b, tp: 1 }\ngrid:\n  hardware: [H100, A10G]\n",
  );
  assert.match(message!, /^error: With --hardware A10G: Cannot fit the model on 1 GPU: /);
  assert.equal(place, "  --> f/grid.yaml:3:20");
  assert.equal(line, "3 |   hardware: [H100, A10G]");
  assert.deepEqual(
    (await firstLines("base:\n  model: qwen/qwen3-14b\n  workload-spec: nosuch.yaml\n")).slice(
      0,
      2,
    ),
    [
      "error: Cannot access f/nosuch.yaml: no such file or folder",
      "  --> f/grid.yaml:3:18",
    ],
  );
});

Deno.test("a run that fails is named, and the runs before it are kept", async () => {
  const { code, stderr, io } = await sweep("grid.yaml --out r.jsonl --log error", {
    "grid.yaml": "base:\n  model: qwen/qwen3-14b\n  workload-spec: w.yaml\ngrid:\n  rate: [1]\n" +
      "seeds: [1]\n",
    "w.yaml": `
version: "2"
aggregate_rate: 1
num_requests: 2
clients:
  - id: a
    rate_fraction: 1
    arrival: { process: constant }
    input_distribution: { type: constant, params: { value: 9 } }
    output_distribution: { type: constant, params: { value: 3e9 } }
`,
  });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: Run 0 with --rate 1 --seed 1: Client "a" made a request of 9 prompt and /,
  );
  assert.equal(io.files.get("r.jsonl"), "");
});

class ShardIo extends FakeIo {
  readonly #variables: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>>) {
    super({ "grid.yaml": GRID });
    this.#variables = variables;
  }

  override env(name: string): string | undefined {
    return this.#variables[name];
  }
}

Deno.test("a job takes its shard from the variable of the system that started it", async () => {
  const runsIn = async (variables: Record<string, string>, flags = "--num-shards 3") => {
    const io = new ShardIo(variables);
    const args = `grid.yaml --out r.jsonl --shard-from-env ${flags}`;
    const { code, stderr } = await sweep(args, {}, io);
    return code === 0 ? linesOf(io.files.get("r.jsonl")!).map(({ run }) => run) : stderr;
  };
  assert.deepEqual(await runsIn({ JOB_COMPLETION_INDEX: "0" }), [0, 3, 6]);
  assert.deepEqual(await runsIn({ SLURM_ARRAY_TASK_ID: "2" }), [2, 5]);
  assert.deepEqual(await runsIn({ PARALLEL_SEQ: "2" }), [1, 4, 7]);
  assert.match(
    String(await runsIn({ SLURM_ARRAY_TASK_ID: "3" })),
    /^error: Cannot use "3" of SLURM_ARRAY_TASK_ID with --num-shards 3: it must be in 0\.\.2\n/,
  );
  assert.match(String(await runsIn({ PARALLEL_SEQ: "0" })), /it must be in 1\.\.3\n/);
  assert.match(
    String(await runsIn({ PARALLEL_SEQ: "1", JOB_COMPLETION_INDEX: "1" })),
    /^error: Both JOB_COMPLETION_INDEX and PARALLEL_SEQ are set\n/,
  );
  assert.match(String(await runsIn({})), /^error: None of these variables is set: /);
});

Deno.test("flags of shards that make no sense are refused", async () => {
  const refused = async (flags: string) => {
    const { code, stderr } = await sweep(`grid.yaml --out r.jsonl ${flags}`);
    assert.equal(code, 2);
    return stderr.split("\n")[0];
  };
  assert.equal(
    await refused("--shard 2/2"),
    "error: Cannot use 2/2 for --shard: it must be in 0/2..1/2",
  );
  assert.equal(
    await refused("--shard 1of2"),
    'error: Cannot use "1of2" for --shard: it must be i/n, with i from 0',
  );
  assert.equal(
    await refused("--shard 0/2 --shard-from-env --num-shards 2"),
    "error: Cannot use --shard and --shard-from-env together",
  );
  for (const flag of ["--shard-from-env", "--num-shards 2"]) {
    assert.equal(
      await refused(flag),
      "error: Give --shard-from-env and --num-shards together",
    );
  }
});

Deno.test("a sweep gives up all but reading before it simulates", async () => {
  const kept: unknown[] = [];
  const io = new class extends FakeIo {
    override keepPermissions(permissions: readonly never[]): Promise<void> {
      kept.push([permissions, this.files.get("r.jsonl")]);
      return Promise.resolve();
    }
  }({ "grid.yaml": GRID });
  await sweep("grid.yaml --out r.jsonl", {}, io);
  assert.deepEqual(kept, [[["read", "write", "net", "env"], undefined], [["read"], ""]]);
});

Deno.test("progress and the time that is left are told on a terminal alone", async () => {
  const io = new class extends FakeIo {
    override readonly isErrorTerminal = true;
    #ms = 0;
    override nowMs(): number {
      return this.#ms += 5000;
    }
  }({ "grid.yaml": GRID });
  await sweep("grid.yaml --out r.jsonl", {}, io);
  const lines = io.stderr.split("\r");
  assert.equal(lines[1], "1 of 8 runs, about 35 s left\x1b[K");
  assert.equal(lines[8], "8 of 8 runs, about 0 s left\x1b[K");
  assert.equal(lines[9], "\x1b[K");
  assert.equal((await sweep("grid.yaml --out r.jsonl")).stderr, "");
});

Deno.test("runs whose means mislead are counted in a warning", async () => {
  const { stderr } = await sweep("grid.yaml --out r.jsonl", {
    "grid.yaml": GRID.replace("num-requests: 5", "num-requests: 5\n  horizon: 900000"),
  });
  assert.match(
    stderr,
    /^warning: In \d of 8 runs the horizon came before all requests were served\n$/,
  );
});
