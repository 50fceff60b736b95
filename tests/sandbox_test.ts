import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODEL = ["--model", "qwen/qwen3-14b", "--num-requests", "3"];

/** Of the attempts of tests/fixtures/attempts.ts those that succeeded while a command ran. */
async function succeeded(...args: readonly string[]): Promise<string[]> {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("reached"),
  );
  const script = `${ROOT}tests/fixtures/attempts.ts`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script, String(server.addr.port), ...args],
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.notEqual(text, "", new TextDecoder().decode(stderr));
  const { code, succeeded } = JSON.parse(text);
  assert.equal(code, 0);
  return succeeded;
}

Deno.test("a run that was allowed everything can reach no socket, variable or process, only read", async () => {
  assert.deepEqual(await succeeded("run", ...MODEL), ["read a file"]);
  assert.deepEqual(await succeeded("check", ...MODEL), ["read a file"]);
});

Deno.test("a run that writes a file can write and read, and no more", async () => {
  const file = await Deno.makeTempFile();
  const args = ["run", ...MODEL, "--metrics-path", file];
  assert.deepEqual(await succeeded(...args), ["write a file", "read a file"]);
  await Deno.remove(file);
});

Deno.test("a command that only prints can do nothing else", async () => {
  assert.deepEqual(await succeeded("schema", "workload"), []);
  assert.deepEqual(await succeeded("completion", "bash"), []);
});
