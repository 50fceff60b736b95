import assert from "node:assert/strict";
import { stepOf } from "../../tests/fixtures/steps.ts";
import { SAMPLE_STEPS, stepName, stepShape } from "./sample_steps.ts";

Deno.test("a sample step is the batch that its name tells", () => {
  const mixed = SAMPLE_STEPS.find((step) => step.promptTokens > 0 && step.numDecode > 0)!;
  assert.equal(stepName(mixed), "prefill 512 + decode 32 x 1024");
  const shape = stepShape(mixed);
  const decodes = Array.from({ length: 32 }, () => [24, 1024, 1, 2000] as const);
  const expected = stepOf([[512, 0, 512, 1], ...decodes]);
  const { decodeContexts, ...sums } = shape;
  const { decodeContexts: expectedContexts, ...expectedSums } = expected;
  assert.deepEqual(sums, expectedSums);
  const contexts = [new Float64Array(40), new Float64Array(40)] as const;
  decodeContexts(contexts[0]);
  expectedContexts(contexts[1]);
  assert.deepEqual(contexts[0], contexts[1]);
});
