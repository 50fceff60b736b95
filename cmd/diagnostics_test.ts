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

Deno.test("of a long line what is near the wrong text is shown", () => {
  const error = (column: number, length: number) => {
    const sourceLine = "a".repeat(200) + "B" + "c".repeat(200);
    return errorText(new ConfigError("Bad", { file: "f", line: 1, column, length, sourceLine }));
  };
  assert.equal(
    error(201, 1),
    `error: Bad\n  --> f:1:201\n1 | …${"a".repeat(50)}B${"c".repeat(49)}…\n` +
      `  | ${" ".repeat(51)}^\n`,
  );
  assert.equal(
    error(1, 401),
    `error: Bad\n  --> f:1:1\n1 | ${"a".repeat(100)}…\n  | ${"^".repeat(100)}\n`,
  );
  assert.match(error(402, 1), /\n1 \| …c{100}\n {2}\| {102}\^\n$/);
});

Deno.test("no control character of a file reaches the terminal", () => {
  const sourceLine = "k: \x1b]0;title\x07\x9b31m\u202e\tv";
  const error = new ConfigError("Bad \x1b[1m", { file: "f\x00", line: 1, column: 1, sourceLine });
  assert.equal(
    errorText(error),
    "error: Bad \uFFFD[1m\n  --> f\uFFFD:1:1\n1 | k: \uFFFD]0;title\uFFFD\uFFFD31m\uFFFD\tv\n  | ^\n",
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
