import assert from "node:assert/strict";
import type { Answer } from "../../cmd/observe/answer.ts";
import { ask, askMock, askVirtual, chunkOf } from "./asking.ts";
import {
  type Behaviour,
  MockServer,
  RawServer,
  sse,
  streamed,
  vllmCompletion,
  wholeAnswer,
} from "./mock_server.ts";
import { EPOCH_US, VirtualWorld } from "./virtual_world.ts";

/** The answer of a server that does this to its connection. */
async function askRaw(behaviour: (connection: Deno.TcpConn) => Promise<void>): Promise<Answer> {
  using server = new RawServer(behaviour);
  return await ask(server.url);
}

async function send(connection: Deno.TcpConn, text: string): Promise<void> {
  await connection.write(new TextEncoder().encode(text));
}

/** A port at which nobody listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function assertFailed(answer: Answer, status: string, message: RegExp): void {
  assert.equal(answer.status, status);
  assert.match(answer.errorMessage, message);
  assert.deepEqual([answer.firstChunkUs, answer.lastChunkUs, answer.numChunks], [0, 0, 0]);
}

Deno.test("the time limit covers waiting, streaming and reading, and keeps the chunks so far", async () => {
  const silent: VirtualWorld = new VirtualWorld(() => new Promise(() => {}));
  const waited = await askVirtual(silent, { timeoutMs: 5000 });
  assertFailed(waited, "timeout", /^HTTP timeout: not complete after 5 s$/);
  assert.equal(silent.elapsedUs, 5_000_000);

  const stalling = () => {
    const world: VirtualWorld = new VirtualWorld(() =>
      new Response(world.body([[10, chunkOf("a")], [20, chunkOf("b")], [9e9, ""]]))
    );
    return world;
  };
  const streaming = stalling();
  const cut = await askVirtual(streaming, { timeoutMs: 5000 });
  assert.equal(cut.status, "timeout");
  assert.match(cut.errorMessage, /^streaming timeout: /);
  assert.equal(cut.numChunks, 2);
  assert.equal(cut.lastChunkUs - EPOCH_US, 20);

  const reading = stalling();
  const answer = await askVirtual(reading, { timeoutMs: 5000, streams: false });
  assertFailed(answer, "timeout", /^read timeout: /);
});

Deno.test("a stop ends a request at once", async () => {
  const stop = new AbortController();
  const world: VirtualWorld = new VirtualWorld(() =>
    new Response(world.body([[10, chunkOf("a")], [9e9, ""]]))
  );
  world.after(50, () => stop.abort());
  const answer = await askVirtual(world, { stop: stop.signal });
  assert.equal(answer.errorMessage, "streaming error: context canceled");
  assert.equal(answer.wasCanceled, true);
  assert.equal(answer.numChunks, 1);
  const late = await askVirtual(world, { stop: stop.signal });
  assertFailed(late, "error", /^HTTP error: context canceled$/);
});

Deno.test("a refused, a reset and a broken connection are errors of equal text each time", async () => {
  const closed = freePort();
  const behaviours = {
    refused: () => ask(`http://127.0.0.1:${closed}`),
    reset: () => askRaw(() => Promise.resolve()),
    garbage: () => askRaw((connection) => send(connection, "no HTTP at all\r\n\r\n")),
  };
  for (const [name, behaviour] of Object.entries(behaviours)) {
    const [once, again] = [await behaviour(), await behaviour()];
    assertFailed(once, "error", /^HTTP error: client error/);
    assert.equal(once.errorMessage, again.errorMessage, name);
  }
});

Deno.test("a status other than 200 is told with its body", async () => {
  for (const status of [400, 401, 404, 429, 500, 503]) {
    for (const streams of [true, false]) {
      const body = `{"error":{"message":"no ${status}"}}`;
      const answer = await askMock(() => new Response(body, { status }), { streams });
      assertFailed(answer, "error", new RegExp(`^HTTP ${status}: \\{"error".*no ${status}`));
    }
  }
});

Deno.test("a refusal whose body breaks off keeps its status", async () => {
  const answer = await askRaw((connection) =>
    send(connection, "HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\nonly this")
  );
  assertFailed(answer, "error", /^HTTP 503: \(body read error: .+\)$/);
});

Deno.test("a redirect is told and not followed", async () => {
  let numReached = 0;
  await using other = new MockServer(() => (numReached++, wholeAnswer(1)));
  for (const status of [301, 302, 307, 308]) {
    const headers = { location: `${other.url}/v1/completions` };
    const answer = await askMock(() => new Response(null, { status, headers }));
    assertFailed(answer, "error", new RegExp(`^HTTP ${status}: redirected to ${other.url}`));
  }
  assert.equal(numReached, 0);
});

Deno.test("a stream without events is an error", async () => {
  const bodies = ["", "<html>hello</html>", "{}", ": only comments\n\n", "data: [DONE]\n\n"];
  for (const body of bodies) {
    const answer = await askMock(() => new Response(body));
    assertFailed(answer, "error", /^empty stream$/);
  }
});

Deno.test("an error in a 200 is one, streamed or not, and is cut to 500 characters", async () => {
  const error = { message: `out of memory ${"x".repeat(600)}`, code: 500 };
  const told = new RegExp(`^out of memory x{${500 - "out of memory ".length}}$`);
  const first = await askMock(() => streamed(sse({ error }), vllmCompletion(1)));
  assertFailed(first, "error", told);
  assertFailed(await askMock(() => Response.json({ error })), "error", told);
  const whole = await askMock(() => Response.json({ error }), { streams: false });
  assert.equal(whole.status, "error");
  assert.match(whole.errorMessage, told);
  assert.equal(whole.numChunks, 1);
  const plain = await askMock(() => streamed(chunkOf("a"), sse({ error: "gone" })));
  assert.equal(plain.errorMessage, "gone");
  assert.equal(plain.numChunks, 1);
  const none = await askMock(() => Response.json({ error: null, choices: [{ text: "a" }] }), {
    streams: false,
  });
  assert.equal(none.status, "ok");
});

Deno.test("a stream that ends before the answer, or breaks off, keeps the chunks so far", async () => {
  const ended = await askMock(() => streamed(chunkOf("a"), chunkOf("b")));
  assert.equal(ended.status, "error");
  assert.match(ended.errorMessage, /^streaming error: the stream ended before the answer did$/);
  assert.equal(ended.numChunks, 2);

  const event = chunkOf("a");
  const size = event.length.toString(16);
  const head = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size}\r\n${event}\r\n`;
  const broken = await askRaw((connection) => send(connection, head));
  assert.equal(broken.status, "error");
  assert.match(broken.errorMessage, /^streaming error: ./);
  assert.equal(broken.numChunks, 1);
});

Deno.test("an event that is no JSON object, or too long, is an error", async () => {
  for (const event of ["{broken", "[1]", "7"]) {
    const answer = await askMock(() => streamed(chunkOf("a"), sse(event), vllmCompletion(1)));
    assert.equal(answer.status, "error");
    assert.match(answer.errorMessage, /^streaming error: bad event: /);
    assert.equal(answer.numChunks, 1);
  }
  const flood = await askMock(() => streamed(chunkOf("a"), `data: ${"x".repeat(300_000)}`));
  assert.match(flood.errorMessage, /^streaming error: .*65536/);
});

Deno.test("a whole answer that is no JSON object is an error that has its times", async () => {
  for (const body of ["<html>", "[]", "", "null"]) {
    const answer = await askMock(() => new Response(body), { streams: false });
    assert.equal(answer.status, "error");
    assert.match(answer.errorMessage, /^JSON parse error: /);
    assert.equal(answer.numChunks, 1);
    assert.ok(answer.firstChunkUs >= answer.sendUs);
  }
});

Deno.test("the key goes to the server and into no record", async () => {
  const behaviour: Behaviour = ({ headers }) =>
    new Response(`bad key: ${headers.get("authorization")}`, { status: 401 });
  const answer = await askMock(behaviour, { apiKey: "sk-secret" });
  assert.equal(answer.errorMessage, "HTTP 401: bad key: Bearer ***");
  const without = await askMock(behaviour);
  assert.equal(without.errorMessage, "HTTP 401: bad key: null");
});
