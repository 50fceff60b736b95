import assert from "node:assert/strict";
import { readHardware } from "./hardware.ts";
import type { ConfigError } from "./internal/errors.ts";

const FILE = "gpus.json";

Deno.test("figures are read in any case, others ignored, missing ones 0", () => {
  const text = '{"G": {"_comment": "x", "TFLOPSPEAK": 9.5, "bwpeaktbs": 2, "MfuPrefill": 0.5}}';
  assert.deepEqual(readHardware(text, "G", FILE), {
    tflopsPeak: 9.5,
    tflopsFp8: 0,
    bwPeakTBs: 2,
    mfuPrefill: 0.5,
    mfuDecode: 0,
    memoryGiB: 0,
  });
});

Deno.test("an unknown GPU is refused with the known ones, the one spelled alike first", () => {
  const hints = {
    "a": 'did you mean "A"? if not, use one of A, B, or add "a" to a hardware file of your own',
    "X7": 'use one of A, B, or add "X7" to a hardware file of your own',
  };
  for (const [gpu, hint] of Object.entries(hints)) {
    assert.throws(() => readHardware('{"B": {}, "A": {}}', gpu, FILE), (error: ConfigError) => {
      assert.equal(error.message, `Cannot find GPU "${gpu}" in the hardware table`);
      assert.equal(error.options.hint, hint);
      return true;
    });
  }
});

Deno.test("a figure that is no number >= 0 is refused", () => {
  for (const value of ["-1", '"3"', "null"]) {
    assert.throws(() => readHardware(`{"G": {"MemoryGiB": ${value}}}`, "G", FILE), {
      message: `Cannot use ${value} for "MemoryGiB" of GPU "G": it must be a number >= 0`,
    });
  }
});

Deno.test("a table that is no JSON object is refused", () => {
  assert.throws(() => readHardware("[1]", "G", FILE), {
    message: "Cannot use the hardware table: it must be a JSON object",
  });
});
