import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs the program as users do, in an empty folder and with these permissions alone. */
async function blis(args: readonly string[], permissions: readonly string[]) {
  const cwd = await Deno.makeTempDir();
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "-q", ...permissions, `${ROOT}main.ts`, ...args],
      cwd,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

const RUN = ["run", "--latency-model", "roofline", "--num-requests", "3"];

Deno.test("a model that is built in needs no permission at all", async () => {
  const { code, stderr } = await blis([...RUN, "--model", "qwen/qwen3-14b"], []);
  assert.deepEqual([code, stderr], [0, ""]);
});

Deno.test("a model that is not asks for one host, and says how to go without", async () => {
  const target = ["--model", "some/model", "--hardware", "H100", "--tp", "1"];
  const { code, stdout, stderr } = await blis([...RUN, ...target], ["--allow-read"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(
    stderr,
    'error: Cannot find the config.json of model "some/model": there is no permission to ask ' +
      "huggingface.co\nhint: run with --allow-net=huggingface.co; without a network: save " +
      "https://huggingface.co/some/model/resolve/main/config.json as " +
      "model_configs/model/config.json, or give its folder with --model-config-folder\n",
  );
});

Deno.test("the table of models and GPUs needs no permission", async () => {
  assert.equal((await blis(["models"], [])).code, 0);
  assert.equal((await blis(["hardware"], [])).code, 0);
});
