// deno-lint-ignore-file no-console -- a developer's table
/** Times whole processes: `deno task bench [--only TEXT] [--runs N] [--json]`. */
import { parseArgs } from "node:util";
import { type Scenario, scenarios } from "./scenarios.ts";

/** As the task `blis` runs it, with the least permission. */
const FLAGS = [
  "--no-check",
  "--no-prompt",
  "--allow-read",
  "--v8-flags=--max-semi-space-size=2",
];

interface Timing {
  readonly wallS: number;
  /** Peak resident memory in MB, NaN where /proc does not tell. */
  readonly peakMb: number;
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    runs: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});

const results = [];
for (const scenario of scenarios) {
  if (!scenario.name.includes(values.only)) continue;
  const timings: Timing[] = [];
  for (let run = 0; run < Number(values.runs); run++) timings.push(await time(scenario));
  timings.sort((a, b) => a.wallS - b.wallS);
  const { wallS } = timings[Math.floor(timings.length / 2)]!;
  const peakMb = Math.max(...timings.map((timing) => timing.peakMb));
  results.push({ name: scenario.name, wallS, peakMb, requestsPerS: scenario.numRequests / wallS });
  if (!values.json) console.log(row(results.at(-1)!));
}
if (values.json) console.log(JSON.stringify(results, null, 2));

function row(
  result: { name: string; wallS: number; peakMb: number; requestsPerS: number },
): string {
  return [
    result.name.padEnd(40),
    `${result.wallS.toFixed(2)} s`.padStart(9),
    `${result.peakMb.toFixed(0)} MB`.padStart(8),
    `${Math.round(result.requestsPerS).toLocaleString("en")} requests/s`.padStart(22),
  ].join(" ");
}

async function time({ args, name }: Scenario): Promise<Timing> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...FLAGS, "main.ts", "run", "--log", "error", ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let peakMb = NaN;
  const watch = setInterval(() => peakMb = peakOf(child.pid) ?? peakMb, 5);
  const { code, stderr } = await child.output();
  clearInterval(watch);
  if (code !== 0) throw new Error(`${name}: exit ${code}\n${new TextDecoder().decode(stderr)}`);
  return { wallS: (performance.now() - start) / 1000, peakMb };
}

function peakOf(pid: number): number | undefined {
  try {
    const kb = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}
