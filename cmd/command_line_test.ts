import assert from "node:assert/strict";
import { z } from "zod";
import { UsageError } from "../sim/internal/errors.ts";
import { readCommandLine } from "./command_line.ts";

const flags = z.strictObject({
  maxNumSeqs: z.int().optional().meta({ aliases: ["max-num-running-reqs"] }),
  summarizeTrace: z.boolean().default(false),
  files: z.array(z.string()).optional().meta({ flag: "from" }),
});

function read(
  line: string,
  options: z.ZodObject = flags,
): Record<string, readonly string[]> | string {
  const texts = readCommandLine({ name: "run", options }, line.split(" "));
  return texts === undefined ? "help" : Object.fromEntries(texts);
}

function refused(line: string, options?: z.ZodObject): string {
  try {
    read(line, options);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return `${error.message}; ${error.hint}`;
  }
  return "";
}

Deno.test("a flag takes the next word or what follows =, whatever it looks like", () => {
  assert.deepEqual(read("--max-num-seqs 5"), { maxNumSeqs: ["5"] });
  assert.deepEqual(read("--max-num-seqs=5"), { maxNumSeqs: ["5"] });
  assert.deepEqual(read("--max-num-seqs -5"), { maxNumSeqs: ["-5"] });
  assert.deepEqual(read("--max-num-seqs --from"), { maxNumSeqs: ["--from"] });
  assert.deepEqual(read("--max-num-seqs -h"), { maxNumSeqs: ["-h"] });
  assert.deepEqual(read("--from=a=b"), { files: ["a=b"] });
  assert.deepEqual(read("--from="), { files: [""] });
});

Deno.test("the texts of a flag are kept in their order, whichever of its names they follow", () => {
  assert.deepEqual(
    read("--max-num-running-reqs 1 --max-num-seqs 2 --max-num-running-reqs 3"),
    { maxNumSeqs: ["1", "2", "3"] },
  );
});

Deno.test("a switch stands alone or takes a value after =", () => {
  assert.deepEqual(read("--summarize-trace"), { summarizeTrace: ["true"] });
  assert.deepEqual(read("--summarize-trace=false"), { summarizeTrace: ["false"] });
  assert.equal(
    refused("--summarize-trace false"),
    'Unexpected argument "false"; write --flag=false',
  );
});

Deno.test("help is asked for anywhere but as a value or after --", () => {
  assert.equal(read("--bogus -h"), "help");
  assert.equal(read("extra --help"), "help");
  assert.equal(refused("-- --help"), 'Unexpected argument "--help"; blis run takes flags only');
});

Deno.test("words stand for the flag that takes an argument: one, or all if it takes a list", () => {
  const one = z.strictObject({ file: z.string().meta({ argument: true }) });
  const list = z.strictObject({ files: z.array(z.string()).meta({ argument: true }) });
  assert.deepEqual(read("a", one), { file: ["a"] });
  assert.equal(refused("a b", one), 'Unexpected argument "b"; blis run takes one argument');
  assert.deepEqual(read("a --files b -- -c -", list), { files: ["b", "a", "-c", "-"] });
});

Deno.test("a missing value comes before an unknown flag, and this before a word too many", () => {
  assert.equal(refused("--bogus word --from"), "--from needs a value; undefined");
  assert.equal(refused("word --form x"), "Unknown flag --form; did you mean --from?");
  assert.equal(refused("-x"), "Unknown flag -x; --help lists the flags");
});
