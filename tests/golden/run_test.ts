import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { blis, FakeIo } from "../cli/fake_io.ts";
import { readGolden } from "./harness.ts";

/** A command line of the reference and what it printed; `a` is the older of its two releases. */
interface Case {
  readonly name: string;
  readonly oracle: "head" | "a";
  readonly args: readonly string[];
  readonly stdout: string;
}

const folder = fileURLToPath(new URL("run", import.meta.url));
const { files, cases }: { files: Record<string, string>; cases: Case[] } = JSON.parse(
  await readGolden(folder, "cases.json"),
);

for (const { name, oracle, args, stdout } of cases) {
  Deno.test(`blis prints what the reference printed: ${name}`, async () => {
    const outcome = await blis([...args, "--log", "error"], new FakeIo(files));
    assert.equal(outcome.code, 0, outcome.stderr);
    if (oracle === "head") assert.equal(outcome.stdout, stdout);
    else assert.deepEqual(metricsOf(outcome.stdout), metricsOf(stdout));
  });
}

/** The metrics of an output, without what the older release counts differently: the first token. */
function metricsOf(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/^\{$.*?^\}$/gms)].map(([block]) => {
    const { total_output_tokens: _tokens, tokens_per_sec: _rate, ...rest } = JSON.parse(block);
    return rest;
  });
}
