import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { blis, FakeIo } from "./cli/fake_io.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const names = [...Deno.readDirSync(`${ROOT}examples`)].filter(({ isFile }) => isFile)
  .map(({ name }) => name).sort();
const files = Object.fromEntries(
  names.map((name) => [`examples/${name}`, Deno.readTextFileSync(`${ROOT}examples/${name}`)]),
);
const isYaml = (name: string) => name.endsWith(".yaml");
const isPolicy = (name: string) => /^(admission|routing):/m.test(files[`examples/${name}`]!);
const TARGET = ["run", "--model", "qwen/qwen3-14b", "--latency-model", "roofline"];

/** Commands in comments. */
const COMMAND = /^# +(blis .+)$/gm;

for (const name of names.filter(isYaml)) {
  Deno.test(`examples/${name} runs`, async () => {
    const flag = isPolicy(name) ? "--policy-config" : "--workload-spec";
    const args = [...TARGET, flag, `examples/${name}`, "--num-requests", "100"];
    const { code, stdout, stderr } = await blis([...args, "--num-instances", "4"], io());
    assert.equal(code, 0, stderr);
    const injected = [...stdout.matchAll(/"injected_requests": (\d+)/g)].at(-1)![1];
    const completed = [...stdout.matchAll(/"completed_requests": (\d+)/g)].at(-1)![1];
    assert.ok(Number(injected) >= 50, injected);
    assert.equal(completed, injected);
  });

  for (const [, line] of files[`examples/${name}`]!.matchAll(COMMAND)) {
    Deno.test(`examples/${name}: \`${line}\` works`, async () => {
      const words = [...line!.matchAll(/"([^"]*)"|(\S+)/g)].map(([, text, word]) => text ?? word!);
      const { code, stdout, stderr } = await blis(words.slice(1), io());
      assert.equal(code, 0, stderr);
      assert.notEqual(stdout, "");
    });
  }
}

Deno.test("each example names the schema of its kind, and examples/README.md the example", () => {
  for (const name of names.filter(isYaml)) {
    const kind = isPolicy(name) ? "policy" : "workload";
    const line = `# yaml-language-server: $schema=${kind}.schema.json\n`;
    assert.ok(files[`examples/${name}`]!.startsWith(line), name);
  }
  for (const name of names.filter((name) => /\.(yaml|sh)$/.test(name))) {
    assert.ok(files["examples/README.md"]!.includes(`(${name})`), name);
  }
});

Deno.test("examples/routing-comparison.sh prints a line of figures for each policy", async () => {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: [`${ROOT}examples/routing-comparison.sh`],
    env: { BLIS: `${Deno.execPath()} run -q --no-check --no-prompt --allow-read ${ROOT}main.ts` },
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const [header, ...lines] = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assert.match(header!, /^prefix-affinity-demo\.yaml +TTFT mean/);
  assert.equal(lines.length, 6);
  for (const line of lines) assert.match(line, /^[a-z].*( +\d+\.\d){4} +\d+\.\d\d$/);
  const busiest = lines.at(-1)!.split(/ +/).at(-2)!;
  assert.ok(lines.slice(0, -1).every((line) => Number(line.split(/ +/).at(-2)) < Number(busiest)));
});

function io(): FakeIo {
  return new FakeIo(files);
}
