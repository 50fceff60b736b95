import assert from "node:assert/strict";
import { checkSuite, OWN_GOLDENS, SUITES } from "./main.ts";

for (const name of Object.keys(SUITES)) {
  Deno.test(`the recorded outputs of ${name} are reproduced`, async () => {
    const { passed, failures } = await checkSuite(name, OWN_GOLDENS);
    assert.deepEqual(failures, []);
    assert.ok(passed > 0);
  });
}
