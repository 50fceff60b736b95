import assert from "node:assert/strict";
import { generatedFiles } from "./generate.ts";

const ROOT = new URL("..", import.meta.url).pathname;

for (const [path, text] of await generatedFiles()) {
  Deno.test(`${path} is what \`deno task docs\` writes`, async () => {
    assert.equal(await Deno.readTextFile(ROOT + path), text);
  });
}
