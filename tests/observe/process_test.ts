import assert from "node:assert/strict";
import { MockServer, wholeAnswer } from "./mock_server.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

interface Options {
  /** The only server that may be reached; that of the flag if there is none. */
  readonly permitted?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Presses Ctrl-C when this resolves. */
  readonly interrupt?: Promise<void>;
}

/** Runs `blis observe` in a process that may reach one server only. */
async function observe(serverUrl: string, options: Options = {}) {
  const { permitted = serverUrl, env = {}, interrupt } = options;
  const folder = await Deno.makeTempDir();
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--no-prompt", "--allow-read", `--allow-write=${folder}`],
        ...[`--allow-net=${new URL(permitted).host}`, "--allow-env=OPENAI_API_KEY,NO_PROXY"],
        ...[MAIN, "observe", "--server-url", serverUrl, "--model", "m", "--rate", "1000"],
        ...["--num-requests", "3", "--max-concurrency", "2", "--trace-header", `${folder}/t.yaml`],
        ...["--trace-data", `${folder}/t.csv`],
      ],
      env,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    interrupt?.then(() => child.kill("SIGINT"));
    const { code, stderr, stdout } = await child.output();
    const decoder = new TextDecoder();
    const rows = await Deno.readTextFile(`${folder}/t.csv`).catch(() => "");
    return { code, rows, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the permission for the server alone is enough, also where proxies are set", async () => {
  await using proxy = new MockServer(() => wholeAnswer(1));
  await using server = new MockServer(({ body }) => wholeAnswer(Number(body.max_tokens)));
  const proxies = { HTTP_PROXY: proxy.url, http_proxy: proxy.url, ALL_PROXY: proxy.url };
  const { code, rows, stderr } = await observe(server.url, {
    env: { ...proxies, NO_PROXY: "", OPENAI_API_KEY: "sk-1" },
  });
  assert.equal(code, 0, stderr);
  assert.equal(rows.match(/,ok,,length,/g)!.length, 3);
  assert.deepEqual(proxy.asked, []);
  for (const { headers } of server.asked) {
    assert.equal(headers.get("authorization"), "Bearer sk-1");
  }
});

Deno.test("no other host can be reached: not by flag, not by redirect", async () => {
  await using other = new MockServer(() => wholeAnswer(1));
  await using server = new MockServer(() =>
    new Response(null, { status: 307, headers: { location: `${other.url}/v1/completions` } })
  );
  const denied = await observe(other.url, { permitted: server.url });
  assert.equal(denied.code, 2);
  assert.equal(denied.stdout, "");
  assert.match(denied.stderr, /^error: No permission to access http:\/\/127\.0\.0\.1:\d+$/m);
  assert.match(denied.stderr, /^hint: run with --allow-net=127\.0\.0\.1:\d+$/m);
  const redirected = await observe(server.url);
  assert.equal(redirected.code, 1, redirected.stderr);
  assert.match(redirected.stderr, /Failed: 3 of 3 .* HTTP 307: redirected to /);
  assert.equal(server.asked.length, 3);
  assert.deepEqual(other.asked, []);
});

Deno.test("Ctrl-C writes the trace and ends at once", async () => {
  const interrupt = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  await using server = new MockServer(async ({ body }, index) => {
    if (index === 2) interrupt.resolve();
    if (index >= 1) await end.promise;
    return wholeAnswer(Number(body.max_tokens));
  });
  const { code, rows, stderr } = await observe(server.url, { interrupt: interrupt.promise });
  end.resolve();
  assert.equal(code, 0, stderr);
  assert.equal(rows.match(/,ok,,length,/g)!.length, 1);
  assert.equal(rows.match(/,error,HTTP error: context canceled,/g)!.length, 2);
});
