import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import { PrefixIndex } from "./prefix_index.ts";
import type { Request } from "./request.ts";
import { sharedBlockId } from "./shared_block.ts";
import { BlockIds, SharedContent } from "./shared_content.ts";

const BLOCK_SIZE = 4;

/** The same by the book: a Map keeps the order of insertion, so its first key is the least recent. */
class PlainIndex {
  readonly #blocks = new Map<string, true>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  match(request: Request): number {
    const keys = keysOf(request);
    const missing = keys.findIndex((key) => !this.#blocks.has(key));
    return missing < 0 ? keys.length : missing;
  }

  record(request: Request): void {
    for (const key of keysOf(request)) {
      this.#blocks.delete(key);
      if (this.#blocks.size === this.#capacity) {
        this.#blocks.delete(this.#blocks.keys().next().value!);
      }
      this.#blocks.set(key, true);
    }
  }
}

/** A name for each full block of the prompt; private blocks lie in no other request. */
function keysOf(request: Request): string[] {
  const numBlocks = Math.floor(request.promptTokens / BLOCK_SIZE);
  return Array.from({ length: numBlocks }, (_, i) => {
    const id = sharedBlockId(request, i, BLOCK_SIZE);
    return id === 0 ? `${request.number}/${i}` : `${id}`;
  });
}

const prompts = fc.record({
  group: fc.nat(3),
  promptTokens: fc.nat(60),
  sharedTokens: fc.nat(60),
});

Deno.test("PrefixIndex matches and forgets as a Map used as an LRU set", () => {
  fc.assert(
    fc.property(
      fc.array(prompts, { maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      (list, capacity) => {
        const ids = new BlockIds();
        const groups = Array.from({ length: 4 }, () => new SharedContent(ids));
        const index = new PrefixIndex(capacity);
        const plain = new PlainIndex(capacity);
        list.forEach(({ group, promptTokens, sharedTokens }, number) => {
          const request = requestWith({
            number,
            promptTokens,
            shared: groups[group]!,
            sharedTokens: Math.min(sharedTokens, promptTokens),
          });
          assert.equal(index.match(request, BLOCK_SIZE), plain.match(request));
          index.record(request, BLOCK_SIZE);
          plain.record(request);
          for (const shared of groups) {
            const probe = requestWith({ promptTokens: 60, shared, sharedTokens: 60 });
            assert.equal(index.match(probe, BLOCK_SIZE), plain.match(probe));
          }
        });
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("a prompt longer than the capacity evicts its own head", () => {
  const shared = new SharedContent(new BlockIds());
  const prompt = (numBlocks: number) =>
    requestWith({
      promptTokens: numBlocks * BLOCK_SIZE,
      shared,
      sharedTokens: numBlocks * BLOCK_SIZE,
    });
  const index = new PrefixIndex(3);
  index.record(prompt(5), BLOCK_SIZE);
  assert.equal(index.match(prompt(5), BLOCK_SIZE), 0);
  index.record(prompt(3), BLOCK_SIZE);
  assert.equal(index.match(prompt(5), BLOCK_SIZE), 3);
});
