import assert from "node:assert/strict";
import { completionTree } from "../../cmd/completion/tree.ts";
import { ROOT } from "../../cmd/main.ts";
import { blis, FakeIo } from "./fake_io.ts";

/** What real bash offers for the last of the words. */
async function offered(words: readonly string[], folder = "."): Promise<string[]> {
  const { stdout: script } = await blis(["completion", "bash"]);
  const code = `${script}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_blis
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { success, stdout, stderr } = await new Deno.Command("bash", {
    args: ["--norc", "-c", code, "bash", "blis", ...words],
    cwd: folder,
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  assert.ok(success);
  return decoder.decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("bash completes commands, and commands below commands", async () => {
  assert.deepEqual(await offered(["comple"]), ["completion"]);
  assert.deepEqual(await offered(["--v"]), ["--version"]);
  assert.deepEqual(await offered(["schema", ""]), [
    "workload",
    "policy",
    "sweep",
    "result",
    "--help",
  ]);
});

Deno.test("bash completes the flags of the command that is written", async () => {
  assert.deepEqual(await offered(["run", "--routing-p"]), ["--routing-policy"]);
  assert.deepEqual(await offered(["workload", "describe", "--routing-p"]), []);
  assert.deepEqual(await offered(["run", "--rate", "5", "--num-i"]), ["--num-instances"]);
});

Deno.test("bash completes the values of an enumeration, after a blank and after =", async () => {
  assert.deepEqual(await offered(["run", "--output", ""]), ["text", "json"]);
  assert.deepEqual(await offered(["run", "--output", "=", "j"]), ["json"]);
  assert.deepEqual(await offered(["run", "--output", "="]), ["text", "json"]);
  assert.deepEqual(await offered(["run", "--scheduler", "fc"]), ["fcfs"]);
  assert.deepEqual(await offered(["completion", "p"]), ["powershell"]);
});

Deno.test("bash completes nothing where a number is due, also after an older spelling", async () => {
  assert.deepEqual(await offered(["run", "--rate", ""]), []);
  assert.deepEqual(await offered(["run", "--max-num-running-reqs", ""]), []);
});

Deno.test("bash completes files where a file is due", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/my load.yaml`, "");
  assert.deepEqual(await offered(["run", "--workload-spec", "m"], folder), ["my load.yaml"]);
  assert.deepEqual(await offered(["run", "--workload-spec", "x"], folder), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a word that is the value of a flag is not taken for a command", async () => {
  assert.deepEqual(await offered(["models", "--output", "show", "--t"]), []);
});

Deno.test("the scripts of all shells name every command and every flag", async () => {
  const tree = await completionTree(ROOT);
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const { code, stdout, stderr } = await blis(["completion", shell]);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const { commands, flags } of tree) {
      const names = [...commands.map(([word]) => word), ...flags.map(({ name }) => name.slice(2))];
      for (const name of names) assert.ok(stdout.includes(name), `${shell}: ${name}`);
    }
  }
});

Deno.test("a shell that is not known is refused", async () => {
  const { code, stdout, stderr } = await blis(["completion", "fihs"], new FakeIo());
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /did you mean "fish"\?/);
});
