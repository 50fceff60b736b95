import assert from "node:assert/strict";
import { embeddedDefaults } from "../../data/mod.ts";
import { parseDocument } from "../../sim/internal/document.ts";
import { FakeIo } from "../../tests/cli/fake_io.ts";
import { defaultsFile, openDefaults } from "./defaults_file.ts";

const WHOLE = parseDocument(embeddedDefaults(), "defaults.yaml").decode(defaultsFile);

Deno.test("the built-in defaults are strict, and each section reads as it does in the whole", async () => {
  const defaults = await openDefaults(undefined, new FakeIo());
  for (const name of Object.keys(WHOLE) as (keyof typeof WHOLE)[]) {
    assert.deepEqual(defaults.section(name), WHOLE[name]);
  }
  assert.equal(defaults.section("defaults")["qwen/qwen3-14b"]!.GPU, "H100");
  assert.ok(defaults.section("models").length > 100);
});

Deno.test("a section that a file lacks is empty", async () => {
  const defaults = await openDefaults("d.yaml", new FakeIo({ "d.yaml": "version: 0.1\n" }));
  assert.equal(defaults.section("version"), "0.1");
  assert.deepEqual(defaults.section("workloads"), {});
  assert.deepEqual(defaults.section("models"), []);
  assert.deepEqual(defaults.section("trained_physics_coefficients"), {
    alpha_coeffs: [],
    beta_coeffs: [],
  });
});
