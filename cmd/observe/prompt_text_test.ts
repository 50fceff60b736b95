import assert from "node:assert/strict";
import fc from "fast-check";
import { promptText, VOCABULARY_TEXT, VOCABULARY_WORDS } from "./prompt_text.ts";

const ids = fc.array(fc.nat(127_999), { minLength: 1, maxLength: 300 });
const ratio = fc.double({ min: 1, max: 3, noNaN: true });
const wordsOf = (text: string) => text.trim().split(" ");

Deno.test("the vocabulary has a hundred different words of three to eight small letters", () => {
  const words = wordsOf(VOCABULARY_TEXT);
  assert.equal(words.length, VOCABULARY_WORDS);
  assert.equal(new Set(words).size, 100);
  assert.ok(words.every((word) => /^[a-z]{3,8}$/.test(word)));
});

Deno.test("a prompt has as many words as make its tokens, each with a blank after it", () => {
  const property = fc.property(ids, ratio, (list, tokensPerWord) => {
    const text = promptText(Int32Array.from(list), tokensPerWord);
    assert.match(text, /^([a-z]+ )+$/);
    const numWords = Math.max(1, Math.round(list.length / tokensPerWord));
    assert.equal(wordsOf(text).length, numWords);
  });
  fc.assert(property, { seed: 1 });
});

Deno.test("prompts whose ids begin alike begin with the same words", () => {
  const property = fc.property(ids, ids, ids, ratio, (head, a, b, tokensPerWord) => {
    const [one, other] = [a, b].map((tail) =>
      wordsOf(promptText(Int32Array.from([...head, ...tail]), tokensPerWord))
    );
    const numShared = Math.min(
      Math.ceil(head.length / tokensPerWord),
      one!.length,
      other!.length,
    );
    assert.deepEqual(one!.slice(0, numShared), other!.slice(0, numShared));
  });
  fc.assert(property, { seed: 2 });
});

Deno.test("with a token a word, each id has its word", () => {
  const all = promptText(Int32Array.from({ length: 100 }, (_, i) => i), 1);
  assert.equal(all, `${VOCABULARY_TEXT} `);
  assert.equal(promptText(Int32Array.of(7), 1), promptText(Int32Array.of(107), 1));
});
