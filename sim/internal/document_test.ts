import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { type Document, parseDocument, toYaml } from "./document.ts";
import { ConfigError } from "./errors.ts";

const spec = z.strictObject({
  name: z.string().default(""),
  count: z.int().min(1).optional(),
  rate: z.number().optional(),
  wide: z.bigint().transform(Number).optional(),
  seed: z.bigint().optional(),
  streaming: z.boolean().optional(),
  params: z.record(z.string(), z.number()).optional(),
  items: z.array(z.strictObject({ id: z.string(), weight: z.number().positive() })).optional(),
  process: z.enum(["poisson", "gamma"]).optional(),
  shape: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("dot") }),
    z.strictObject({ kind: z.literal("box"), size: z.int() }),
  ]).optional(),
});

function read(text: string): z.infer<typeof spec> {
  return parseDocument(text, "spec.yaml").decode(spec);
}

function failure(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "accepted" });
}

function where(text: string): string {
  const { message, options } = failure(() => read(text));
  return `${options.line}:${options.column}+${options.length} ${message}`;
}

Deno.test("a whole number may be written in any base, with underscores or as a float to truncate", () => {
  const accepted = {
    "1_000": 1000,
    "+5": 5,
    "0x10": 16,
    "0b11": 3,
    "0o17": 15,
    "010": 8,
    "08": 8,
    "1.5": 1,
    "1e3": 1000,
    ".9e1": 9,
  };
  for (const [text, value] of Object.entries(accepted)) {
    assert.equal(read(`count: ${text}`).count, value, text);
  }
  assert.equal(read("wide: -0x10").wide, -16);
  assert.equal(read("wide: -1.9").wide, -1);
  for (const text of ["'1'", "1:30", ".inf", ".nan", "9223372036854775808", "1e30", "abc", "[1]"]) {
    assert.match(where(`wide: ${text}`), /^1:[78]\+\d+ Cannot use .* it must be a whole number$/);
  }
});

Deno.test("a 64-bit integer keeps all its digits", () => {
  assert.equal(read("seed: 9223372036854775807").seed, 9223372036854775807n);
  assert.equal(read("seed: -9223372036854775808").seed, -9223372036854775808n);
});

Deno.test("a float may be written as an integer of any size, but not as a word", () => {
  assert.equal(read("rate: 0x10").rate, 16);
  assert.equal(read("rate: 1_000.5").rate, 1000.5);
  assert.equal(read("rate: 9223372036854775808").rate, 2 ** 63);
  assert.match(where("rate: yes"), /must be a number/);
  assert.match(where("rate: '1'"), /must be a number/);
  assert.match(where("rate: .inf"), /must be a finite number/);
});

Deno.test("text is taken as it is written", () => {
  assert.equal(read("name: 017").name, "017");
  assert.equal(read("name: 3.50").name, "3.50");
  assert.equal(read("name: yes").name, "yes");
  assert.equal(read("name: !!str 5").name, "5");
  assert.equal(read('name: "a\\tb"').name, "a\tb");
  assert.equal(read("name: ~").name, "");
});

Deno.test("a boolean is a word in one of three cases", () => {
  for (const text of ["true", "Yes", "ON", "y"]) {
    assert.equal(read(`streaming: ${text}`).streaming, true);
  }
  for (const text of ["false", "No", "OFF", "N"]) {
    assert.equal(read(`streaming: ${text}`).streaming, false);
  }
  for (const text of ["yEs", "1", "'true'"]) {
    assert.match(where(`streaming: ${text}`), /true or false/);
  }
});

Deno.test("nulls leave keys out, drop maps from lists and are zero among parameters", () => {
  const text = "count: ~\nitems:\n  -\n  - {id: a, weight: 1}\nparams: {x: ~, ~: 1, 5: 2}\n";
  assert.deepEqual(read(text), {
    name: "",
    items: [{ id: "a", weight: 1 }],
    params: { x: 0, 5: 2 },
  });
  assert.deepEqual(read("items: [~]").items, []);
  assert.deepEqual(read("~"), { name: "" });
  assert.deepEqual(read("---\nname: a\n---\nbogus: 1\n"), { name: "a" });
});

Deno.test("merge keys yield to the map's own keys, the first merged map to none after it", () => {
  const text =
    "items:\n- &a {id: a, weight: 1}\n- &b {id: b, weight: 2}\n- {id: c, <<: [*b, *a]}\n";
  assert.deepEqual(read(text).items?.[2], { id: "c", weight: 2 });
});

Deno.test("what is no map of unique keys is refused where it stands", () => {
  assert.equal(where("name: a\nname: b"), '2:1+4 Key "name" appears twice');
  assert.equal(where("name: *x"), '1:8+1 Unknown anchor "x"');
  assert.equal(where("items: &x [*x]"), '1:13+1 Unknown anchor "x"');
  assert.equal(where("- a"), "1:1+1 Cannot use a list for the file: it must be a map");
  assert.match(where("name: [1"), /^1:9\+1 Cannot read the YAML: /);
  assert.match(failure(() => read("# nothing\n")).message, /is empty/);
});

Deno.test("an unknown key is shown with the nearest known one", () => {
  const error = failure(() => read("name: a\nitems:\n  - id: x\n    wieght: 2\n"));
  assert.equal(error.message, 'Unknown key "wieght" in items[0]');
  assert.deepEqual(
    [error.options.line, error.options.column, error.options.sourceLine, error.options.hint],
    [4, 5, "    wieght: 2", 'did you mean "weight"?'],
  );
});

Deno.test("of many known keys only the first ones are told", () => {
  const named = (count: number) => {
    const keys = Array.from({ length: count }, (_, i) => [`key-${i}`, z.int().optional()]);
    const schema = z.strictObject(Object.fromEntries(keys));
    return failure(() => parseDocument("bogus: 1\n", "f").decode(schema)).options.hint!;
  };
  assert.match(named(30), /^known keys: key-0, .*, key-29$/);
  assert.match(named(61), /^known keys: key-0, .*, key-19 and 41 more$/);
});

Deno.test("of a long text the beginning is told", () => {
  const { message } = failure(() =>
    parseDocument("k".repeat(1000), "f").decode(z.strictObject({}))
  );
  assert.equal(message, `Cannot use "${"k".repeat(80)}…" for the file: it must be a map`);
});

Deno.test("an empty name is not told among the accepted ones", () => {
  const schema = z.strictObject({ k: z.enum(["", "a", "b"]) });
  const { message } = failure(() => parseDocument("k: cc", "f").decode(schema));
  assert.equal(message, 'Cannot use "cc" for k: it must be one of a, b');
});

Deno.test("a value out of range is shown as written, with what is accepted", () => {
  assert.equal(where("count: 0x0"), "1:8+3 Cannot use 0x0 for count: it must be >= 1");
  assert.equal(
    where("items:\n- id: a\n  weight: -2\n"),
    "3:11+2 Cannot use -2 for items[0].weight: it must be > 0",
  );
  assert.equal(where("items: [{id: a}]"), '1:9+1 Missing key "weight" in items[0]');
  const error = failure(() => read("process: gama"));
  assert.equal(error.message, 'Cannot use "gama" for process: it must be one of poisson, gamma');
  assert.equal(error.options.hint, 'did you mean "gamma"?');
});

Deno.test("a union is read by its discriminator", () => {
  assert.deepEqual(read("shape: {kind: box, size: 010}").shape, { kind: "box", size: 8 });
  assert.match(where("shape: {kind: cone}"), /^1:15\+4 .*shape.kind: it must be one of dot, box$/);
  assert.match(where("shape: {size: 1}"), /Missing key "kind" in shape$/);
  assert.match(where("shape: {kind: dot, size: 1}"), /Unknown key "size" in shape$/);
});

Deno.test("JSON is read like YAML, tabs and all", () => {
  const text =
    '{\r\n\t"name": "a\\u00e9\\/",\n\t"items": [\n\t\t{"id": "x", "weight": 1e0}\n\t]\n}\n';
  assert.deepEqual(read(text), { name: "aé/", items: [{ id: "x", weight: 1 }] });
});

Deno.test("an error of a later check points at its value, or at the nearest one above", () => {
  const document: Document = parseDocument("items:\n- id: a\n  weight: 1\n", "spec.yaml");
  const { options } = document.error(["items", 0, "weight"], "Bad", "do not");
  assert.deepEqual([options.line, options.column, options.path], [3, 11, "items[0].weight"]);
  assert.equal(document.error(["items", 0, "bogus"], "Bad").options.line, 2);
});

Deno.test("what toYaml writes, parseDocument reads", () => {
  const written = z.strictObject({
    texts: z.array(z.string()),
    numbers: z.array(z.number()),
    whole: z.bigint(),
  });
  const values = fc.record({
    texts: fc.array(fc.string({ unit: "grapheme" })),
    numbers: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
    whole: fc.maxSafeInteger(),
  });
  fc.assert(
    fc.property(values, ({ texts, numbers, whole }) => {
      const text = toYaml({ texts, numbers, whole });
      assert.deepEqual(parseDocument(text, "spec.yaml").decode(written), {
        texts,
        numbers,
        whole: BigInt(whole),
      });
    }),
    { seed: 1, numRuns: 500 },
  );
});
