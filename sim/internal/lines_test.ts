import assert from "node:assert/strict";
import { readLines } from "./lines.ts";

Deno.test("lines are whole however the text is cut into pieces", () => {
  const text = "\uFEFFone\r\n\ntwo\nthree";
  for (let size = 1; size <= text.length; size++) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    assert.deepEqual([...readLines(pieces)], ["one", "", "two", "three"]);
  }
});

Deno.test("a text without lines has none", () => {
  assert.deepEqual([...readLines([])], []);
  assert.deepEqual([...readLines(["", ""])], []);
});
