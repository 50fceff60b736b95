import assert from "node:assert/strict";
import fc from "fast-check";
import { configErrorOf, csvOf, rowsOf, rowWith } from "../../tests/fixtures/traces.ts";
import { columnsOf, traceCsv, TraceReader } from "./trace_csv.ts";
import { BLANK_ROW, TRACE_COLUMNS, type TraceRow } from "./trace_row.ts";

const TRIMMED: readonly (keyof TraceRow)[] = [
  "errorMessage",
  "finishReason",
  "xRequestId",
  "adapter",
];
const SIGNED: readonly (keyof TraceRow)[] = [
  "requestId",
  "roundIndex",
  "arrivalTimeUs",
  "sendTimeUs",
  "firstChunkTimeUs",
  "lastChunkTimeUs",
];

function anyValue(key: keyof TraceRow): fc.Arbitrary<unknown> {
  if (key === "deadlineUs") return fc.constant(0);
  if (key === "reasonRatio") return fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0);
  if (key === "prefixBlocks") return fc.constantFrom("", "512:7", "16:0.1.2");
  if (typeof BLANK_ROW[key] === "boolean") return fc.boolean();
  if (typeof BLANK_ROW[key] === "number") {
    return SIGNED.includes(key) ? fc.maxSafeInteger() : fc.nat(2 ** 31 - 1);
  }
  const text = fc.string({ unit: fc.constantFrom(...'ab ,"\né😀') });
  return TRIMMED.includes(key) ? text.map((value) => value.trim()) : text;
}

const keys = Object.keys(BLANK_ROW) as (keyof TraceRow)[];
const anyRow = fc.record(Object.fromEntries(keys.map((key) => [key, anyValue(key)])))
  .map((row) => ({ ...row }) as unknown as TraceRow);

Deno.test("rows that are written are read again", () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 4 }), (rows) => {
      assert.deepEqual(rowsOf(csvOf(rows)), rows);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("optional columns are written where they are used, at their places", () => {
  const header = (isUsed: (key: keyof TraceRow) => boolean) =>
    [...traceCsv([], columnsOf(isUsed))].join("").trim().split(",");
  assert.equal(header(() => false).length, 27);
  const all = header(() => true);
  assert.equal(all[all.indexOf("slo_class") + 1], "vllm_priority");
  assert.equal(all[all.indexOf("deadline_us") + 1], "slo_target_us");
  assert.deepEqual(all.slice(27 + 2), [
    "x_request_id",
    "adapter",
    "think_time_us",
    "prefix_blocks",
  ]);
});

Deno.test("columns are found by name, in any order, and unknown ones are left out", () => {
  const names = TRACE_COLUMNS.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
  const shuffled = ["extra", ...names.toReversed()];
  const values = shuffled.map((name) =>
    name === "input_tokens" ? "12" : name === "streaming" ? "T" : name === "client_id" ? "c" : "0"
  );
  const text = `${shuffled.join(",")}\n${values.join(",")}\n`;
  const reader = new TraceReader([text], "t.csv");
  assert.deepEqual(reader.unknownColumns, ["extra"]);
  const { inputTokens, streaming, clientId } = reader.next()!;
  assert.deepEqual([inputTokens, streaming, clientId], [12, true, "c"]);
});

Deno.test("a ratio is written as a plain decimal", () => {
  const lines = csvOf([rowWith({ reasonRatio: 1e-7 }), rowWith({ reasonRatio: 1.25e-9 })]);
  assert.match(lines, /,0\.0000001,/);
  assert.match(lines, /,0\.00000000125,/);
});

Deno.test("a wrong value is shown as written, with its line, column and what is accepted", () => {
  const text = csvOf([rowWith({}), rowWith({ clientId: "c" })]);
  const lines = text.trimEnd().split("\n");
  lines[2] = lines[2]!.replace(",10,5,", ",-10,5,");
  const error = configErrorOf(() => rowsOf(`${lines.join("\n")}\n`));
  assert.match(error.message, /^Cannot use "-10" for input_tokens: .* 0\.\.2147483647$/);
  assert.equal(error.options.line, 3);
  assert.equal(error.options.column, lines[2]!.indexOf("-10") + 1);
});

Deno.test("a file without header, a missing or double column and a row of other length are errors", () => {
  const text = csvOf([rowWith({})]);
  const cases: [string, RegExp, number | undefined][] = [
    ["", /no header row/, undefined],
    [text.replace("input_tokens", "tokens"), /"input_tokens" is missing/, 1],
    [text.replace("tenant_id", "client_id"), /"client_id" appears twice/, 1],
    [`${text}1,2,3\n`, /Found 3 fields/, 3],
    [text.replace(/\n$/, ",0\n"), /Found 34 fields/, 2],
  ];
  for (const [wrong, message, line] of cases) {
    const error = configErrorOf(() => rowsOf(wrong));
    assert.match(error.message, message);
    assert.equal(error.options.line, line);
  }
});

Deno.test("a deadline before the arrival is an error, unless one of them is not set", () => {
  const row = (deadlineUs: number, arrivalTimeUs: number) =>
    csvOf([rowWith({ deadlineUs, arrivalTimeUs })]);
  assert.match(configErrorOf(() => rowsOf(row(50, 100))).message, /"50" for deadline_us/);
  assert.equal(rowsOf(row(0, 100)).length, 1);
  assert.equal(rowsOf(row(50, 0)).length, 1);
});
