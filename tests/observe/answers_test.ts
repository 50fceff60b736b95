import assert from "node:assert/strict";
import fc from "fast-check";
import { askMock, askVirtual, chunkOf } from "./asking.ts";
import { llamaChat, llamaCompletion, sse, streamed, vllmCompletion } from "./mock_server.ts";
import { EPOCH_US, VirtualWorld } from "./virtual_world.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("only chunks with text count, whatever the server puts around them", async () => {
  for (const stream of [vllmCompletion, llamaCompletion, llamaChat]) {
    for (const numTokens of [1, 5]) {
      const answer = await askMock(() => streamed(stream(numTokens)));
      assert.equal(answer.status, "ok", answer.errorMessage);
      assert.equal(answer.numChunks, numTokens);
      assert.equal(answer.outputTokens, numTokens);
      assert.equal(answer.serverInputTokens, 9);
      assert.equal(answer.finishReason, stream === llamaChat ? "stop" : "length");
      assert.ok(answer.sendUs <= answer.firstChunkUs);
      assert.ok(answer.firstChunkUs <= answer.lastChunkUs);
      assert.equal(answer.chunkTimesUs[0], answer.firstChunkUs);
      assert.equal(answer.chunkTimesUs.at(-1), answer.lastChunkUs);
      assert.equal(answer.chunkTimesUs.length, numTokens);
    }
  }
});

Deno.test("an answer without text is timed by its end", async () => {
  const world: VirtualWorld = new VirtualWorld(() =>
    new Response(world.body([
      [1000, chunkOf("")],
      [2000, chunkOf("", "length") + sse({ choices: [], usage: { completion_tokens: 2 } })],
      [2500, sse("[DONE]")],
    ]))
  );
  const answer = await askVirtual(world);
  assert.equal(answer.status, "ok");
  assert.equal(answer.numChunks, 0);
  assert.equal(answer.outputTokens, 2);
  assert.equal(answer.firstChunkUs - EPOCH_US, 2500);
  assert.equal(answer.lastChunkUs - EPOCH_US, 2500);
});

Deno.test("what a model thinks aloud is text too", async () => {
  const chunk = (delta: unknown) => ({ choices: [{ delta, finish_reason: null }] });
  const chunks = [
    chunk({ reasoning_content: "hm" }),
    chunk({ reasoning: "hm" }),
    chunk({ content: "x" }),
  ];
  const answer = await askMock(() => streamed(sse(...chunks, "[DONE]")));
  assert.equal(answer.status, "ok");
  assert.equal(answer.numChunks, 3);
});

Deno.test("a stream without [DONE], or with an unfinished last event, is whole if it says so", async () => {
  const text = vllmCompletion(3).replace("data: [DONE]\n\n", "");
  for (const stream of [text, text.trimEnd()]) {
    const answer = await askMock(() => streamed(stream));
    assert.equal(answer.status, "ok", answer.errorMessage);
    assert.equal(answer.outputTokens, 3);
  }
});

Deno.test("what comes after [DONE] is not read", async () => {
  const answer = await askMock(() => streamed(vllmCompletion(2), "data: {broken\n\n"));
  assert.equal(answer.status, "ok");
});

Deno.test("a stream is read alike however it is cut into pieces", async () => {
  const text = `: a comment\r\nevent: x\ndata:{"choices":[{"text":"é€😀"}]}\r\n\r\n` +
    `data: {"choices":\ndata: [{"text":"b","finish_reason":"length"}]}\n\n` +
    `data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2}}\n\ndata: [DONE]\n\n`;
  const all = bytes(text);
  const property = fc.asyncProperty(
    fc.array(fc.nat(all.length), { maxLength: 30 }),
    async (cuts) => {
      const ends = [...cuts, all.length].sort((a, b) => a - b);
      const pieces = ends.map((end, i) => all.slice(ends[i - 1] ?? 0, end));
      const world = new VirtualWorld(() => new Response(ReadableStream.from(pieces)));
      const answer = await askVirtual(world);
      assert.equal(answer.errorMessage, "");
      assert.equal(answer.numChunks, 2);
      assert.equal(answer.outputTokens, 2);
    },
  );
  await fc.assert(property, { seed: 11, numRuns: 100 });
});

Deno.test("times are those at which the pieces of an answer came", async () => {
  const world: VirtualWorld = new VirtualWorld(async () => {
    await world.sleep(700);
    return new Response(world.body([
      [1000, ": nothing yet\n\n"],
      [2000, chunkOf("a")],
      [3500, chunkOf("b") + chunkOf("c", "length")],
      [9000, sse({ choices: [], usage: { completion_tokens: 3 } }, "[DONE]")],
    ]));
  });
  const answer = await askVirtual(world);
  assert.equal(answer.sendUs, EPOCH_US);
  const times = answer.chunkTimesUs.map((timeUs) => timeUs - EPOCH_US);
  assert.deepEqual(times, [2700, 4200, 4200]);
  assert.equal(answer.firstChunkUs - EPOCH_US, 2700);
  assert.equal(answer.lastChunkUs - EPOCH_US, 4200);
  assert.equal(answer.numChunks, 3);
});

Deno.test("a whole answer is timed from its first to its last byte", async () => {
  const text = JSON.stringify({ choices: [{ text: "abc" }], usage: { completion_tokens: 3 } });
  const world: VirtualWorld = new VirtualWorld(() =>
    new Response(world.body([[1000, text.slice(0, 9)], [4000, text.slice(9)]]))
  );
  const answer = await askVirtual(world, { streams: false });
  assert.equal(answer.firstChunkUs - EPOCH_US, 1000);
  assert.equal(answer.lastChunkUs - EPOCH_US, 4000);
  assert.equal(answer.numChunks, 1);
  assert.equal(answer.outputTokens, 3);
});

Deno.test("an answer without token counts is ok", async () => {
  const whole = await askMock(() => Response.json({ choices: [{ text: "a" }] }), {
    streams: false,
  });
  const stream = await askMock(() => streamed(chunkOf("a", "stop"), sse("[DONE]")));
  for (const answer of [whole, stream]) {
    assert.equal(answer.status, "ok");
    assert.equal(answer.hasUsage, false);
    assert.equal(answer.outputTokens, 0);
  }
});
