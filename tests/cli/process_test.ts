import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUN = ["run", "--model", "qwen/qwen3-14b", "--latency-model", "roofline"];

function blis(args: readonly string[], permissions: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--quiet",
      ...permissions,
      `${ROOT}main.ts`,
      ...args,
    ],
    stdout: "piped",
    stderr: "piped",
  });
}

async function outcome(command: Deno.Command) {
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("a run needs no more than to read", async () => {
  const { code, stdout, stderr } = await outcome(blis([...RUN, "--num-requests", "3"], [
    "--allow-read",
  ]));
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(stdout, /"completed_requests": 3,/);
});

Deno.test("the task takes paths as they are seen from where it is called", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.copyFile(`${ROOT}tests/fixtures/cli/two_clients.yaml`, `${cwd}/w.yaml`);
    const { code, stdout, stderr } = await outcome(
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["task", "--quiet", "--config", `${ROOT}deno.json`],
          ...["blis", "workload", "describe", "w.yaml"],
        ],
        cwd,
        env: { INIT_CWD: cwd },
        stdout: "piped",
        stderr: "piped",
      }),
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^w\.yaml, seed 5\n/);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("a file that may not be written is named with the permission that is missing", async () => {
  const args = [...RUN, "--num-requests", "3", "--metrics-path", "/tmp/m.json"];
  const { code, stdout, stderr } = await outcome(blis(args, ["--allow-read"]));
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    "error: No permission to access /tmp/m.json\nhint: run with --allow-write\n",
  );
});

Deno.test("Ctrl-C ends a run with 130 and leaves no file", async () => {
  const folder = await Deno.makeTempDir();
  const args = [...RUN, "--num-requests", "50000000", "--metrics-path", `${folder}/m.json`];
  const child = blis(args, ["--allow-read", "--allow-write"]).spawn();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  child.kill("SIGINT");
  const { code } = await child.output();
  assert.equal(code, 130);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("a reader that goes away is no error", async () => {
  const child = blis([...RUN, "--num-requests", "3"], ["--allow-read"]).spawn();
  await child.stdout.cancel();
  const { code } = await child.status;
  assert.equal(await new Response(child.stderr).text(), "");
  assert.equal(code, 0);
});

Deno.test("a result that finds no space exits with 2 and says so", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const program = ["run", "--no-prompt", "--no-check", "-q", "--allow-read", `${ROOT}main.ts`];
  const { code, stderr } = await outcome(
    new Deno.Command("sh", {
      args: ["-c", '"$0" "$@" > /dev/full', Deno.execPath(), ...program, "--version"],
      stdout: "piped",
      stderr: "piped",
    }),
  );
  assert.equal(stderr, "error: Cannot access stdout: no space is left\n");
  assert.equal(code, 2);
});

Deno.test("a device that the runtime keeps to itself is refused without a hint that cannot help", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const args = [...RUN, "--num-requests", "3", "--metrics-path", "/dev/stdout"];
  const { code, stdout, stderr } = await outcome(blis(args, ["--allow-read", "--allow-write"]));
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(
    stderr,
    /^error: Cannot access \/dev\/stdout: it is no regular file\nhint: give the/,
  );
});
