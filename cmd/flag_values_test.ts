import assert from "node:assert/strict";
import { z } from "zod";
import { UsageError } from "../sim/internal/errors.ts";
import { flagValues } from "./flag_values.ts";

const schema = z.strictObject({
  tp: z.int().min(0).default(0),
  rate: z.number().positive().default(1),
  seed: z.bigint().default(42n),
  verbose: z.boolean().default(false),
  scheduler: z.enum(["fcfs", "sjf"]).default("fcfs"),
  beta: z.array(z.number().nonnegative()).optional(),
  from: z.array(z.string().min(2)).optional(),
  model: z.string().min(1),
});

function read(texts: Record<string, string[]>) {
  const flags = new Map(Object.entries({ model: ["m"], ...texts }));
  return flagValues(schema, flags, (key) => `--${key}`);
}

function message(texts: Record<string, string[]>): string {
  try {
    read(texts);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "accepted";
}

Deno.test("flags that are not given have their defaults and are not counted as given", () => {
  const { values, given } = read({ tp: ["0"] });
  assert.deepEqual(values, {
    tp: 0,
    rate: 1,
    seed: 42n,
    verbose: false,
    scheduler: "fcfs",
    model: "m",
  });
  assert.deepEqual([...given], ["model", "tp"]);
});

Deno.test("of several occurrences the last counts, lists add up", () => {
  const { values } = read({
    tp: ["1", "2"],
    beta: ["1,2", "3"],
    from: ["a,b", "cd"],
  });
  assert.equal(values.tp, 2);
  assert.deepEqual(values.beta, [1, 2, 3]);
  assert.deepEqual(values.from, ["a,b", "cd"]);
});

Deno.test("numbers are decimal", () => {
  assert.equal(read({ rate: ["+.5e1"] }).values.rate, 5);
  assert.equal(read({ tp: ["010"] }).values.tp, 10);
  assert.equal(read({ seed: ["-9223372036854775808"] }).values.seed, -(2n ** 63n));
  for (const text of ["0x10", "1_0", "inf", "NaN", "", " 1", "1e", "1,2"]) {
    const wanted = `Cannot use ${JSON.stringify(text)} for --rate: it must be a decimal number`;
    assert.equal(message({ rate: [text] }), wanted);
  }
  for (const text of ["1.0", "1e3", ""]) {
    assert.match(message({ tp: [text] }), /--tp: it must be a whole number$/);
    assert.match(message({ seed: [text] }), /--seed: it must be a whole number$/);
  }
});

Deno.test("a switch takes true and false in several forms", () => {
  for (const text of ["1", "t", "True"]) {
    assert.equal(read({ verbose: [text] }).values.verbose, true);
  }
  for (const text of ["0", "F", "false"]) {
    assert.equal(read({ verbose: [text] }).values.verbose, false);
  }
  assert.match(message({ verbose: ["yes"] }), /it must be true or false$/);
});

Deno.test("a value out of range is shown as written", () => {
  assert.equal(message({ rate: ["0.0"] }), "Cannot use 0.0 for --rate: it must be > 0");
  assert.equal(message({ beta: ["1,-2", "3"] }), "Cannot use -2 for --beta[1]: it must be >= 0");
  assert.equal(
    message({ beta: ["1,x"] }),
    'Cannot use "x" for --beta: it must be a decimal number',
  );
  assert.equal(
    message({ from: ["a,b", "c"] }),
    'Cannot use "c" for --from: its length must be >= 2',
  );
  assert.equal(message({ model: [""] }), 'Cannot use "" for --model: it must not be empty');
  assert.equal(
    message({ scheduler: ["sfj"] }),
    'Cannot use "sfj" for --scheduler: it must be one of fcfs, sjf',
  );
});
