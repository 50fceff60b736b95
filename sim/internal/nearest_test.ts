import assert from "node:assert/strict";
import { nearest } from "./nearest.ts";

Deno.test("the nearest word within two edits is found, an exchange of neighbours being one", () => {
  const words = ["--rate", "--seed", "--model", "--max-model-len"];
  assert.equal(nearest("--modle", words), "--model");
  assert.equal(nearest("--RATE", words), "--rate");
  assert.equal(nearest("--maxmodellen", words), "--max-model-len");
  assert.equal(nearest("--horizon", words), undefined);
});

Deno.test("short words allow fewer edits, equal distances give the first word", () => {
  assert.equal(nearest("tp", ["dp"]), "dp");
  assert.equal(nearest("x", ["y"]), undefined);
  assert.equal(nearest("tcsh", ["bash"]), undefined);
  assert.equal(nearest("fcsf", ["fcfs"]), "fcfs");
  assert.equal(nearest("ac", ["ab", "ad"]), "ab");
});
