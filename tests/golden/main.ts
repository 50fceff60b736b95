// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { cli } from "./cli.ts";
import { type GoldenSuite, Tally } from "./harness.ts";
import { kv } from "./kv.ts";
import { latency } from "./latency.ts";
import { rng } from "./rng.ts";
import { workload } from "./workload.ts";

/** All kinds of recorded outputs, by the name of their folder. */
export const SUITES: Readonly<Record<string, GoldenSuite>> = { rng, latency, kv, workload, cli };

/** The recorded outputs that this repository carries. */
export const OWN_GOLDENS = fileURLToPath(new URL(".", import.meta.url)).replace(/[\\/]$/, "");

/** Checks one suite in the folder of its name below `root`. */
export async function checkSuite(name: string, root: string): Promise<Tally> {
  const tally = new Tally();
  await SUITES[name]!(`${root}/${name}`, tally);
  return tally;
}

/** Checks all suites and prints what fails. A folder of the user's own may lack some of them. */
async function checkAll(): Promise<number> {
  const given = Deno.env.get("BLIS_GOLDENS");
  const root = given ?? OWN_GOLDENS;
  let passed = 0;
  let failed = 0;
  for (const name of Object.keys(SUITES)) {
    if (given !== undefined && !exists(`${root}/${name}`)) continue;
    const tally = await checkSuite(name, root);
    passed += tally.passed;
    failed += tally.failed;
    for (const failure of tally.failures) console.log(`${name}: ${failure}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

if (import.meta.main) Deno.exitCode = await checkAll();
