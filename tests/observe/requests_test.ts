import assert from "node:assert/strict";
import { wholeAnswer } from "./mock_server.ts";
import { chunked, observeLine, whole } from "./observe_line.ts";

const OPEN = "--rate 100 --num-requests 4";

Deno.test("bodies hold what the flags ask for and nothing else", async () => {
  const short = "--rate 1 --num-requests 1 --prompt-tokens 3 --prompt-tokens-stdev 0 " +
    "--output-tokens 13 --output-tokens-stdev 0";
  const prompt = /^(\w+ ){3}$/;
  const bodyOf = async (flags: string) => {
    const { bodies } = await observeLine(`${short} ${flags}`, whole);
    const { prompt: text, messages, ...rest } = bodies[0]!;
    const chat = messages as { content: string; role: string }[] | undefined;
    assert.match(String(text ?? chat![0]!.content), prompt);
    if (chat !== undefined) assert.deepEqual(Object.keys(chat[0]!), ["content", "role"]);
    return rest;
  };
  const exact = { max_tokens: 13, min_tokens: 13, model: "m", stream: false };
  const streams = { stream: true, stream_options: { include_usage: true } };
  assert.deepEqual(await bodyOf(""), exact);
  assert.deepEqual(await bodyOf("--api-format chat"), exact);
  assert.deepEqual(await bodyOf("--record-itl"), { ...exact, ...streams });
  assert.deepEqual(await bodyOf("--ignore-eos"), { ...exact, ignore_eos: true });
  assert.deepEqual(await bodyOf("--min-tokens 5"), { ...exact, min_tokens: 5 });
  const free = { model: "m", stream: false };
  assert.deepEqual(await bodyOf("--unconstrained-output --api-format chat"), free);
  const unlimited = { ...free, max_tokens: 2147483647 };
  assert.deepEqual(await bodyOf("--unconstrained-output"), unlimited);
});

Deno.test("the keys of a body are in alphabetical order", async () => {
  for (const format of ["completions", "chat"]) {
    const { bodies } = await observeLine(
      `${OPEN} --record-itl --ignore-eos --api-format ${format}`,
      chunked,
    );
    for (const body of bodies) {
      const keys = Object.keys(body);
      assert.deepEqual(keys, keys.toSorted());
    }
  }
});

Deno.test("--min-tokens lifts the limit of requests that have a smaller one", async () => {
  const { bodies } = await observeLine(`${OPEN} --output-tokens 300 --min-tokens 300`, whole);
  for (const body of bodies) {
    assert.equal(body.min_tokens, 300);
    assert.ok(Number(body.max_tokens) >= 300);
  }
});

Deno.test("the server is asked for all words at once to count its tokens", async () => {
  let numWords = 0;
  const { bodies, io } = await observeLine(
    `${OPEN} --prompt-tokens 100 --prompt-tokens-stdev 0`,
    (_world, body, index) => {
      if (index < 0) numWords = String(body.prompt).split(" ").length;
      return wholeAnswer(Number(body.max_tokens), 250);
    },
  );
  assert.equal(numWords, 100);
  for (const { prompt } of bodies) assert.equal(String(prompt).trim().split(" ").length, 40);
  assert.equal(io.stderr, "");
});

Deno.test("a server that counts oddly or not at all gets a word for each token", async () => {
  for (const promptTokens of [0, 99, 301]) {
    const { bodies, io } = await observeLine(
      `${OPEN} --prompt-tokens 100 --prompt-tokens-stdev 0`,
      () => wholeAnswer(512, promptTokens),
    );
    for (const { prompt } of bodies) assert.equal(String(prompt).trim().split(" ").length, 100);
    assert.match(io.stderr, /^warning: Cannot measure how the server splits words into tokens: /);
  }
});
