import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { blis, FakeIo } from "./cli/fake_io.ts";

/** Sweeps that are killed at random points; `deno task sweep-kills` takes more. */
const NUM_TRIALS = Number(Deno.env.get("BLIS_KILL_TRIALS") ?? 10);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SWEEP = `
base: { model: qwen/qwen3-14b, latency-model: roofline, num-requests: 1500 }
grid:
  rate: [5, 10, 20]
  num-instances: [1, 2]
num_seeds: 2
`;
const NUM_RUNS = 12;

/** Numbers in [0, 1) that are the same each time. Source: Park and Miller, 1988. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = state * 48271 % 0x7fffffff;
    yield state / 0x7fffffff;
  }
}

const folder = await Deno.makeTempDir();
await Deno.writeTextFile(`${folder}/grid.yaml`, SWEEP);

function start(...args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--quiet", "--no-prompt", "--allow-read"],
      ...[`--allow-write=${folder}`, `${ROOT}main.ts`, "sweep", ...args],
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

async function finish(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await start(...args).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** Starts a sweep and kills it some ms after its results are so long. */
async function killAt(
  { length, afterMs }: { readonly length: number; readonly afterMs: number },
  out: string,
  args: readonly string[],
): Promise<void> {
  const child = start(...args);
  const ended = child.output();
  let isRunning = true;
  ended.then(() => isRunning = false);
  while (isRunning && textOf(out).length < length) await sleep(1);
  await sleep(afterMs);
  if (isRunning) child.kill("SIGKILL");
  await ended;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("however a sweep is sharded, killed and resumed, its merged results are the same", async () => {
  const whole = `${folder}/whole.jsonl`;
  await finish(`${folder}/grid.yaml`, "--out", whole, "--jobs", "1");
  const expected = Deno.readTextFileSync(whole);
  assert.equal(expected.split("\n").length, NUM_RUNS + 1);
  const random = randomNumbers(1);
  const below = (n: number) => Math.floor(random.next().value * n);
  for (let trial = 0; trial < NUM_TRIALS; trial++) {
    const numShards = 1 + below(2);
    const parts: string[] = [];
    for (let i = 0; i < numShards; i++) {
      const out = `${folder}/${trial}-${i}.jsonl`;
      const args = [
        ...[`${folder}/grid.yaml`, "--out", out],
        ...["--jobs", "2", "--shard", `${i}/${numShards}`, "--log", "error"],
      ];
      const length = below(expected.length / numShards);
      await killAt({ length, afterMs: below(30) }, out, args);
      const left = textOf(out);
      // Where a machine loses power, the last line may be cut off in the middle.
      if (below(2) === 0) Deno.writeTextFileSync(out, left.slice(0, left.length - below(100)));
      const kept = textOf(out).replace(/[^\n]*$/, "");
      await finish(...args);
      assert.ok(textOf(out).startsWith(kept), `trial ${trial} repeats or loses a run`);
      parts.push(out);
    }
    const io = new FakeIo(Object.fromEntries(parts.map((part, i) => [`${i}`, textOf(part)])));
    const { stderr } = await blis(["sweep", "merge", ...io.files.keys(), "--out", "all"], io);
    assert.equal(stderr, "");
    assert.equal(io.files.get("all"), expected, `trial ${trial}`);
  }
  await Deno.remove(folder, { recursive: true });
});
