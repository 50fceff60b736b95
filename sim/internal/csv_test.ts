import assert from "node:assert/strict";
import fc from "fast-check";
import { csvField, readCsv } from "./csv.ts";
import { ConfigError } from "./errors.ts";

function fieldsOf(chunks: Iterable<string>): string[][] {
  const rows: string[][] = [];
  for (const record of readCsv(chunks, "t.csv")) {
    rows.push(Array.from({ length: record.numFields }, (_, i) => record.field(i)));
  }
  return rows;
}

function failureOf(text: string): ConfigError {
  try {
    fieldsOf([text]);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing is wrong with the text");
}

/** A text in pieces of random length. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length));
}

Deno.test("fields may hold commas, quotes and line ends if they are in quotes", () => {
  assert.deepEqual(fieldsOf(['a,"b,c","d ""e""",\n"f\r\ng",,h']), [
    ["a", "b,c", 'd "e"', ""],
    ["f\ng", "", "h"],
  ]);
});

Deno.test("a byte-order mark, CRLF, blank lines and a missing last line end mean nothing", () => {
  assert.deepEqual(fieldsOf(["\uFEFFa,b\r\n\r\n\n1,2\r\n3,4"]), [["a", "b"], ["1", "2"], [
    "3",
    "4",
  ]]);
});

Deno.test("what is printed is read again, however the text is cut into pieces", () => {
  const field = fc.string({ unit: fc.constantFrom(...'ab ,"\n\\.é😀\t0') });
  const row = fc.array(field, { minLength: 2, maxLength: 5 });
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), cuts, (rows, cuts) => {
      const text = rows.map((fields) => `${fields.map(csvField).join(",")}\n`).join("");
      assert.deepEqual(fieldsOf(pieces(text, cuts)), rows);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("whole numbers are read without a text being made of them", () => {
  const [record] = readCsv(["12,-7,+3,,1.5,x,9007199254740991,9007199254740992,-0\n"], "t.csv");
  const values = Array.from({ length: 9 }, (_, i) => record!.whole(i));
  assert.deepEqual(values, [12, -7, 3, NaN, NaN, NaN, 9007199254740991, NaN, 0]);
});

Deno.test("an error names the line and column of its field, also in a record of several lines", () => {
  const [record] = readCsv(['a,"x\ny",bad,z\n'], "t.csv");
  const { file, line, column, length, sourceLine } = record!.error(2, "wrong").options;
  assert.deepEqual([file, line, column, length, sourceLine], ["t.csv", 2, 4, 3, 'y",bad,z']);
});

Deno.test("a quote that stands where none may is an error at its place", () => {
  const cases: [string, string, number, number][] = [
    ['a,b\n1,x"y\n', "inside a field", 2, 4],
    ['a\n"x"y,1\n', "text after the closing quote", 2, 4],
    ['a,b\n1,"never\nclosed\n', "never closed", 2, 3],
  ];
  for (const [text, message, line, column] of cases) {
    const error = failureOf(text);
    assert.match(error.message, new RegExp(message));
    assert.deepEqual([error.options.line, error.options.column], [line, column], text);
  }
});

Deno.test("a quote that is never closed does not bring the whole file into memory", () => {
  let numRead = 0;
  function* endless(): Generator<string> {
    yield 'a,b\n1,"';
    for (;; numRead++) yield "x".repeat(1 << 16);
  }
  assert.throws(() => [...readCsv(endless(), "t.csv")], /longer than 1 MiB/);
  assert.ok(numRead < 20);
});

Deno.test("a field of text does not keep the piece alive that it was read from", () => {
  const [record] = readCsv([`${"long enough to be a slice"},b\n`], "t.csv");
  assert.equal(record!.field(0), "long enough to be a slice");
  assert.ok(record!.is(1, "b"));
  assert.ok(!record!.is(1, "bb"));
});
