/** Completion in shells that not every machine has, zsh and fish: `deno task shells`. */
import assert from "node:assert/strict";
import { blis } from "../cli/fake_io.ts";

const decoder = new TextDecoder();

async function inFolder(action: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/load.yaml`, "");
    await action(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function output(shell: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(shell, { args: [...args], cwd })
    .output();
  assert.ok(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}

async function offeredByFish(line: string, folder: string): Promise<string[]> {
  await Deno.writeTextFile(`${folder}/c.fish`, (await blis(["completion", "fish"])).stdout);
  const code = 'source c.fish; complete -C "$argv[1]"';
  const text = await output("fish", ["--no-config", "-c", code, line], folder);
  return text.split("\n").filter((row) => row !== "").map((row) => row.split("\t")[0]!);
}

/** What the zsh of the terminal reads: it notes all matches, and when it is asked to end. */
const ZSH_SETUP = `
fpath=($PWD $fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -A hits "$@"
  print -rl -- $hits >> offered
  builtin compadd "$@"
}
finish() { print >> ended }
zle -N finish
bindkey '^X' finish
print >> ready
`;

/** An interactive zsh in a terminal of its own, in which Tab is pressed after $1. */
const ZSH_SESSION = `
zmodload zsh/zpty
await() { repeat 400; do [[ -e $1 ]] && return; zpty -r -t z junk; sleep 0.02; done; return 1 }
zpty z zsh -f -i
zpty -w z 'source ./setup.zsh'
await ready || exit
zpty -w -n z "$1"$'\\t\\x18'
await ended
`;

async function offeredByZsh(line: string, folder: string): Promise<string[]> {
  for (const name of ["offered", "ended", "ready"]) {
    await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
  await Deno.writeTextFile(`${folder}/setup.zsh`, ZSH_SETUP);
  await Deno.writeTextFile(`${folder}/_blis`, (await blis(["completion", "zsh"])).stdout);
  await output("zsh", ["-f", "-c", ZSH_SESSION, "zsh", line], folder);
  const text = await Deno.readTextFile(`${folder}/offered`).catch(() => "");
  return text.split("\n").filter((row) => row !== "");
}

for (const [shell, offered] of [["fish", offeredByFish], ["zsh", offeredByZsh]] as const) {
  Deno.test(`${shell} completes commands, flags, enumerations and files`, async () => {
    await inFolder(async (folder) => {
      const expected: [line: string, words: string[]][] = [
        ["blis comple", ["completion"]],
        ["blis schema w", ["workload"]],
        ["blis convert pre", ["preset"]],
        ["blis completion ", ["bash", "fish", "powershell", "zsh"]],
        ["blis run --output ", ["json", "text"]],
        ["blis run --rate 5 --scheduler fc", ["fcfs"]],
        ["blis run --rate ", []],
        ["blis run --workload-spec lo", ["load.yaml"]],
        ["blis workload describe --routing-p", []],
      ];
      for (const [line, words] of expected) {
        assert.deepEqual((await offered(line, folder)).sort(), words, line);
      }
      const [flag] = await offered("blis run --routing-p", folder);
      assert.match(flag!, /^--routing-policy=?$/);
    });
  });
}
