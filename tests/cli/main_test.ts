import assert from "node:assert/strict";
import { InvariantError } from "../../sim/internal/errors.ts";
import { blisLine, FakeIo } from "./fake_io.ts";

Deno.test("help goes to stdout and succeeds, wherever it is asked for", async () => {
  for (const line of ["", "-h", "--help", "help"]) {
    const { code, stdout, stderr } = await blisLine(line);
    assert.equal(code, 0, line);
    assert.match(stdout, /^Usage: blis <command>/, line);
    assert.match(stdout, /^ {2}run +Simulate/m, line);
    assert.equal(stderr, "", line);
  }
  for (const line of ["run --help", "run --rate 0 -h", "help run"]) {
    const { code, stdout, stderr } = await blisLine(line);
    assert.equal(code, 0, line);
    assert.match(stdout, /^Usage: blis run \[flags\]/, line);
    assert.equal(stderr, "", line);
  }
});

Deno.test("the help of run groups the flags and states units, defaults and older names", async () => {
  const { stdout } = await blisLine("run --help");
  assert.match(stdout, /^Workload:$/m);
  assert.match(stdout, /^ {2}--block-size-in-tokens <n> +tokens of a KV block \(default 16\)$/m);
  assert.match(stdout, /--max-num-seqs <n>[^-]*\(also --max-num-running-reqs; default\s+256\)/);
  assert.match(stdout, /--scheduler <name>[^(]*\(one of fcfs, priority-fcfs, sjf,/);
  assert.match(stdout, /^Examples:$/m);
  assert.ok(stdout.split("\n").every((line) => line.length <= 100));
});

Deno.test("--version prints the version", async () => {
  const { code, stdout } = await blisLine("--version");
  assert.equal(code, 0);
  assert.match(stdout, /^blis \d+\.\d+\.\d+\n$/);
});

Deno.test("an unknown command or flag is a usage error that names the nearest one", async () => {
  const cases = {
    "runn": ["Unknown command", 'did you mean "run"?'],
    "bogus": ["Unknown command", "commands: run"],
    "--verbose": ["Unknown flag", "commands: run"],
    "run --modle x": ["Unknown flag --modle", "did you mean --model?"],
    "run --no-such-flag=3": ["Unknown flag --no-such-flag\n", "--help lists the flags"],
    "run extra --model x": ['Unexpected argument "extra"', "takes flags only"],
    "run --summarize-trace false": ['Unexpected argument "false"', "--flag=false"],
    "run extra arg --model": ["--model needs a value", ""],
  };
  for (const [line, [message, hint]] of Object.entries(cases)) {
    const { code, stdout, stderr } = await blisLine(line);
    assert.equal(code, 2, line);
    assert.equal(stdout, "", line);
    assert.ok(stderr.startsWith("error: "), line);
    assert.ok(stderr.includes(message!) && stderr.includes(hint!), `${line}: ${stderr}`);
  }
});

Deno.test("a defect of ours is told from an error of the user", async () => {
  class BrokenIo extends FakeIo {
    override readText(): Promise<string> {
      return Promise.reject(new InvariantError("the sky fell"));
    }
  }
  const line = "run --model x --defaults-filepath d.yaml";
  const quiet = await blisLine(line, new BrokenIo());
  assert.equal(quiet.code, 70);
  assert.match(quiet.stderr, /^error: Internal defect: the sky fell\nhint: /);
  const talkative = await blisLine(`${line} --log debug`, new BrokenIo());
  assert.match(talkative.stderr, /InvariantError: the sky fell\n +at /);
});
