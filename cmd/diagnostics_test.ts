import assert from "node:assert/strict";
import { AccessError, ConfigError, UsageError } from "../sim/internal/errors.ts";
import { Diagnostics, errorText } from "./diagnostics.ts";

Deno.test("an error in a file shows the place, its line and a caret below the wrong text", () => {
  const error = new ConfigError("Cannot use weight -2: it must be > 0", {
    file: "policy.yaml",
    line: 12,
    column: 10,
    length: 2,
    sourceLine: "\t weight: -2",
    hint: "remove the scorer to switch it off",
  });
  assert.equal(
    errorText(error),
    [
      "error: Cannot use weight -2: it must be > 0",
      "  --> policy.yaml:12:10",
      "12 | \t weight: -2",
      "   | \t        ^^",
      "hint: remove the scorer to switch it off",
      "",
    ].join("\n"),
  );
});

Deno.test("an error without a place is one line and its hint", () => {
  assert.equal(errorText(new UsageError("Bad", { hint: "do" })), "error: Bad\nhint: do\n");
  assert.equal(errorText(new AccessError("Gone")), "error: Gone\n");
  assert.equal(errorText(new ConfigError("Bad", { file: "a" })), "error: Bad\n  --> a\n");
});

Deno.test("a warning is said once, and not at all below the level", () => {
  let said = "";
  const diagnostics = new Diagnostics((text) => said += text);
  diagnostics.warn("A", "b");
  diagnostics.warn("A", "b");
  diagnostics.info("C");
  assert.equal(said, "warning: A\nhint: b\n");
  diagnostics.level = "error";
  diagnostics.warn("D");
  diagnostics.note("E");
  assert.equal(said, "warning: A\nhint: b\n");
  diagnostics.level = "info";
  diagnostics.info("C");
  assert.equal(said, "warning: A\nhint: b\ninfo: C\n");
});

Deno.test("errors of the user exit with 2, defects with 70", () => {
  const diagnostics = new Diagnostics(() => {});
  assert.equal(diagnostics.fail(new UsageError("")), 2);
  assert.equal(diagnostics.fail(new ConfigError("")), 2);
  assert.equal(diagnostics.fail(new AccessError("")), 2);
  assert.equal(diagnostics.fail(new TypeError("")), 70);
  assert.equal(diagnostics.fail("thrown text"), 70);
});
