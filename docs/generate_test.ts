import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./generate.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

for (const [path, text] of await generatedFiles()) {
  Deno.test(`${path} is what \`deno task docs\` writes`, async () => {
    assert.equal(await Deno.readTextFile(ROOT + path), text);
  });
}
