import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { ConfigError } from "../sim/internal/errors.ts";
import { BlockIds } from "../sim/shared_content.ts";
import { generate } from "./generate.ts";
import { loadWorkload } from "./load.ts";

const EXAMPLES = fileURLToPath(new URL("../examples/", import.meta.url));
const texts = [...Deno.readDirSync(EXAMPLES)].map(({ name }) => name)
  .filter((name) => name.endsWith(".yaml") && !/policy|routing/.test(name)).sort()
  .map((name) => Deno.readTextFileSync(EXAMPLES + name));

/** Values that no user means. */
const absurd = fc.constantFrom(
  ...["1e12", "1000000000", "-1", "0", "0.5", ".nan", ".inf", "9223372036854775808", '"x"', "null"],
  ...["[]", "{}", "yes", "0x10", "~", "- 1", "*none", "&a 1", "1e400", "''", "\u0000", "é"],
);
const mutation = fc.record({
  kind: fc.constantFrom("number", "line", "delete", "byte", "key", "indent"),
  at: fc.nat(),
  value: absurd,
});

/** A text with one thing changed. */
function mutated(
  text: string,
  { kind, at, value }: { kind: string; at: number; value: string },
): string {
  const lines = text.split("\n");
  const i = at % lines.length;
  if (kind === "number") {
    const numbers = [...text.matchAll(/\d+(\.\d+)?/g)];
    const { index, 0: found } = numbers[at % numbers.length]!;
    return text.slice(0, index) + value + text.slice(index + found.length);
  }
  if (kind === "byte") {
    const position = at % text.length;
    return text.slice(0, position) + value + text.slice(position + 1);
  }
  if (kind === "line") lines.splice(i, 0, lines[(at >>> 7) % lines.length]!);
  else if (kind === "delete") lines.splice(i, 1);
  else if (kind === "key") lines[i] = lines[i]!.replace(/(\w+):.*/, `$1: ${value}`);
  else lines[i] = `  ${lines[i]}`;
  return lines.join("\n");
}

Deno.test("10,000 mutated workload files are accepted or refused with their place, none crashes", () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      (text, mutations) => {
        try {
          const { spec } = loadWorkload(mutations.reduce(mutated, text), "spec.yaml");
          if (spec.servegenData !== undefined) return;
          const source = generate(spec, {
            horizonUs: 2e6,
            maxRequests: 20,
            keepTokens: false,
            ids: new BlockIds(),
          });
          for (let i = 0; i < 20 && source.next() !== undefined; i++);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          assert.notEqual(error.message, "");
          refused++;
        }
      },
    ),
    { seed: 11, numRuns: 10_000 },
  );
  assert.ok(refused > 2000 && refused < 9500, `${refused} were refused`);
});
