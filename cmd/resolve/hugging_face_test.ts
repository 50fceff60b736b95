import assert from "node:assert/strict";
import { embeddedModelConfig } from "../../data/mod.ts";
import { AccessError } from "../../sim/internal/errors.ts";
import { FakeIo } from "../../tests/cli/fake_io.ts";
import { fetchConfig, isRepo } from "./hugging_face.ts";
import { denoIo } from "../io.ts";

const CONFIG = (await embeddedModelConfig("qwen3-14b"))!;
const REPO = "org/name";
const FILE = `/huggingface.co/${REPO}/resolve/main/config.json`;

/** Answers a request, or only when nobody waits for it any more. */
type Answer = (isOver: Promise<void>) => Response | Promise<Response>;
type Answers = Readonly<Record<string, Answer>>;

/** Sends what is asked of any host to a server of its own, which finds the host in the path. */
class HubIo extends FakeIo {
  readonly #port: number;
  readonly #token: string | undefined;

  constructor(port: number, token?: string) {
    super();
    this.#port = port;
    this.#token = token;
  }

  override env(name: string): string | undefined {
    return name === "HF_TOKEN" ? this.#token : undefined;
  }

  override fetch(url: string, init?: RequestInit): Promise<Response> {
    const { host, pathname } = new URL(url);
    return denoIo().fetch(`http://127.0.0.1:${this.#port}/${host}${pathname}`, init);
  }
}

/** What comes of a fetch from a server with these answers, and what it was asked for. */
async function fetchFrom(answers: Answers, token?: string, timeLimitMs?: number) {
  const over = Promise.withResolvers<void>();
  const asked: { path: string; authorization: string | null }[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const path = new URL(request.url).pathname;
    asked.push({ path, authorization: request.headers.get("authorization") });
    return answers[path]?.(over.promise) ?? new Response("", { status: 404 });
  });
  const io = new HubIo(server.addr.port, token);
  try {
    const text = await fetchConfig(REPO, io, timeLimitMs).catch((error: unknown) => {
      if (error instanceof AccessError) return error;
      throw error;
    });
    return { text, asked };
  } finally {
    over.resolve();
    await server.shutdown();
  }
}

async function refusalOf(answer: Answer, token?: string) {
  const { text: error } = await fetchFrom({ [FILE]: answer }, token, 10_000);
  assert.ok(error instanceof AccessError);
  return `${error.message} | ${error.hint}`;
}

const redirect = (location: string) => () =>
  new Response(null, { status: 307, headers: { location } });

Deno.test("a config is fetched as it is, without a token where there is none", async () => {
  const { text, asked } = await fetchFrom({ [FILE]: () => new Response(CONFIG) });
  assert.equal(text, CONFIG);
  assert.deepEqual(asked, [{ path: FILE, authorization: null }]);
});

Deno.test("the token goes along redirects within the host, and to no other", async () => {
  const cdn = "/cdn.huggingface.co/file";
  const { text, asked } = await fetchFrom({
    [FILE]: redirect("/org/Name/raw"),
    "/huggingface.co/org/Name/raw": redirect("https://cdn.huggingface.co/file"),
    [cdn]: redirect("https://huggingface.co/last"),
    "/huggingface.co/last": () => new Response(CONFIG),
  }, "secret");
  assert.equal(text, CONFIG);
  assert.deepEqual(asked.map(({ authorization }) => authorization), [
    "Bearer secret",
    "Bearer secret",
    null,
    "Bearer secret",
  ]);
});

Deno.test("a redirect to a foreign host, without encryption or a fourth one is refused", async () => {
  for (
    const location of [
      "https://example.com/x",
      "https://huggingface.co.example.com/x",
      "https://nothuggingface.co/x",
      "http://huggingface.co/x",
      "https://",
    ]
  ) {
    const { text, asked } = await fetchFrom({ [FILE]: redirect(location) }, "secret");
    assert.ok(text instanceof AccessError);
    assert.match(text.message, /redirects to .*, which is not a host of its own/);
    assert.equal(asked.length, 1);
  }
  const { text, asked } = await fetchFrom({
    [FILE]: redirect(FILE.slice("/huggingface.co".length)),
  });
  assert.ok(text instanceof AccessError);
  assert.match(text.message, /redirects more than 3 times/);
  assert.equal(asked.length, 4);
});

Deno.test("each answer that is no config is told with its remedy", async () => {
  const status = (status: number, headers = {}) => () => new Response("no", { status, headers });
  const useToken = "set HF_TOKEN and run with --allow-env=HF_TOKEN";
  assert.equal(
    await refusalOf(status(401)),
    `huggingface.co shows org/name to nobody without a token, or has no such repository (HTTP 401) | ${useToken}`,
  );
  assert.match(await refusalOf(status(401), "t"), /refuses the token in HF_TOKEN .*renew/);
  assert.match(
    await refusalOf(status(403), "t"),
    /forbids access to org\/name \(HTTP 403\) \| accept its licence at https:\/\/huggingface.co\/org\/name$/,
  );
  assert.ok((await refusalOf(status(403))).endsWith(useToken));
  assert.match(await refusalOf(status(404)), /has no config.json for org\/name .*spelling/);
  assert.match(await refusalOf(status(429, { "retry-after": "7" })), /too often.*wait 7 s, or set/);
  assert.match(await refusalOf(status(429), "t"), /\| wait a while$/);
  assert.match(await refusalOf(status(503)), /has no answer \(HTTP 503\) \| try again later/);
});

Deno.test("an answer must be the JSON of a language model of at most 10 MiB", async () => {
  assert.match(await refusalOf(() => new Response("<html>")), /the answer .* is not JSON/);
  assert.match(
    await refusalOf(() => new Response('{"n_layer": 12}')),
    /is without "num_hidden_layers" and "hidden_size" \| add "num_hidden_layers", /,
  );
  const padded = (size: number) => CONFIG + " ".repeat(size - CONFIG.length);
  const { text } = await fetchFrom({ [FILE]: () => new Response(padded(10 * 2 ** 20)) });
  assert.equal(String(text).trimEnd(), CONFIG.trimEnd());
  assert.match(
    await refusalOf(() => new Response(padded(10 * 2 ** 20 + 1))),
    /is larger than 10 MiB/,
  );
});

Deno.test("an answer that does not come, or not to its end, is waited for no longer than the limit", async () => {
  const untilOver: Answer = async (isOver) => {
    await isOver;
    return new Response();
  };
  const silent = await fetchFrom({ [FILE]: untilOver }, undefined, 20);
  assert.match(String(silent.text), /huggingface.co did not answer within 0.02 s/);
  const stalled = await fetchFrom(
    {
      [FILE]: () =>
        new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(9)) })),
    },
    undefined,
    20,
  );
  assert.match(String(stalled.text), /huggingface.co did not answer within 0.02 s/);
});

Deno.test("an answer that breaks off is told", async () => {
  class BrokenIo extends FakeIo {
    override fetch(): Promise<Response> {
      const body = new ReadableStream({ start: (c) => c.error(new Error("reset")) });
      return Promise.resolve(new Response(body));
    }
  }
  await assert.rejects(
    fetchConfig(REPO, new BrokenIo()),
    /the answer of huggingface.co breaks off/,
  );
});

Deno.test("without a network or the permission for it the host is named", async () => {
  class OfflineIo extends FakeIo {
    override fetch(): Promise<Response> {
      return Promise.reject(new AccessError("Cannot access it: DNS"));
    }
  }
  class CagedIo extends FakeIo {
    override fetch(): Promise<Response> {
      return Promise.reject(new AccessError("No permission", { permission: "--allow-net" }));
    }
  }
  await assert.rejects(fetchConfig(REPO, new OfflineIo()), {
    message: "huggingface.co cannot be reached",
    resource: "https://huggingface.co/org/name/resolve/main/config.json",
  });
  await assert.rejects(fetchConfig(REPO, new CagedIo()), {
    permission: "--allow-net=huggingface.co",
    hint: "run with --allow-net=huggingface.co",
  });
});

Deno.test("a repository is an organisation and a name", () => {
  for (const name of ["qwen/qwen3-14b", "A.b_c/D-1"]) assert.ok(isRepo(name), name);
  for (const name of ["gpt2", "a/b/c", "a/", "/b", "a/b?c", "a b/c", ""]) {
    assert.ok(!isRepo(name), name);
  }
});
