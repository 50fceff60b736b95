import assert from "node:assert/strict";
import { parseNameWeights } from "./name_weights.ts";

const rules = { flag: "--weights", names: ["queue-depth", "load"] as const, allowsZero: false };

Deno.test("a list of names and weights keeps its order, blanks around parts are ignored", () => {
  assert.deepEqual(parseNameWeights(" load : 2 ,queue-depth:0.5", rules), [
    { name: "load", weight: 2 },
    { name: "queue-depth", weight: 0.5 },
  ]);
  assert.deepEqual(parseNameWeights("", rules), []);
  assert.deepEqual(parseNameWeights("load:0", { ...rules, allowsZero: true }), [
    { name: "load", weight: 0 },
  ]);
});

Deno.test("an item that is not name:weight is refused as written", () => {
  const cases = {
    "load:1,": 'Cannot use "" in --weights: it must be written name:weight',
    "load": 'Cannot use "load" in --weights: it must be written name:weight',
    "laod:1": 'Cannot use "laod" in --weights: it must be one of queue-depth, load',
    "load:0": 'Cannot use 0 in --weights: the weight of "load" must be a number > 0',
    "load:-1": 'Cannot use -1 in --weights: the weight of "load" must be a number > 0',
    "load:x": 'Cannot use "x" in --weights: the weight of "load" must be a number > 0',
    "load:1e999": 'Cannot use 1e999 in --weights: the weight of "load" must be a number > 0',
  };
  for (const [text, message] of Object.entries(cases)) {
    assert.throws(() => parseNameWeights(text, rules), { name: "UsageError", message }, text);
  }
});
