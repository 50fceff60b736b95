/**
 * The whole loop on an engine that nobody here wrote: observe → fit to the first half of the trace →
 * replay the second half → calibrate. Needs what real_server.ts needs. The files go to the folder
 * BLIS_OBSERVE_REPORTS, or to dist/observe. How far off the simulation may be is not asserted: it
 * depends on what else the machine does, which the load average tells (about 1 if nothing).
 */
import assert from "node:assert/strict";
import { blisLine, FakeIo } from "../cli/fake_io.ts";
import {
  LLAMA_BATCH_TOKENS,
  LLAMA_CONTEXT_TOKENS,
  LLAMA_SLOTS,
  LlamaServer,
} from "./llama_server.ts";

const FOLDER = Deno.env.get("BLIS_OBSERVE_REPORTS") ?? "dist/observe";

const NUM_REQUESTS = 180;
/**
 * A minute in which the server is idle as often as not: nearer to its limit, a machine that is a
 * little slower for a while would make requests wait for each other many times as long.
 */
const WORKLOAD = `version: "2"
seed: 7
aggregate_rate: 3
num_requests: ${NUM_REQUESTS}
clients:
  - id: writer
    rate_fraction: 1
    arrival: { process: poisson }
    input_distribution: { type: gaussian, params: { mean: 12, std_dev: 8, min: 1, max: 40 } }
    output_distribution: { type: gaussian, params: { mean: 40, std_dev: 20, min: 2, max: 100 } }
`;

const BLOCK_TOKENS = 16;
const ENGINE = `--model random --max-num-seqs ${LLAMA_SLOTS} ` +
  `--max-num-batched-tokens ${LLAMA_BATCH_TOKENS} --block-size-in-tokens ${BLOCK_TOKENS} ` +
  `--total-kv-blocks ${LLAMA_CONTEXT_TOKENS / BLOCK_TOKENS}`;
/** A guess that the fit has to better, in µs: ten milliseconds a step, whatever it does. */
const GUESS = "--alpha-coeffs 0,0,0 --beta-coeffs 10000,0,0";

/** However busy the machine, an error of so many times the latency is one of ours. */
const IMPLAUSIBLE = 10;

async function run(line: string, io: FakeIo): Promise<void> {
  const { code, stderr } = await blisLine(line, io);
  assert.equal(code, 0, `${line}: ${stderr}`);
}

/** The rows that were sent first, and the others, each under the header. */
function halves(csv: string): { readonly first: string; readonly second: string } {
  const [header, ...rows] = csv.trimEnd().split("\n");
  const idOf = (row: string) => Number(row.slice(0, row.indexOf(",")));
  const isFirst = (row: string) => idOf(row) < rows.length / 2;
  const textOf = (kept: readonly string[]) => `${[header, ...kept].join("\n")}\n`;
  return {
    first: textOf(rows.filter(isFirst)),
    second: textOf(rows.filter((row) => !isFirst(row))),
  };
}

async function observe(io: FakeIo): Promise<void> {
  const server = await LlamaServer.start("steady");
  try {
    await run(
      `observe --server-url ${server.url} --model random --server-type llama.cpp ` +
        "--workload-spec w.yaml --ignore-eos --record-itl " +
        "--trace-header trace.yaml --trace-data trace.csv",
      io,
    );
  } finally {
    server.end();
  }
}

Deno.test("what is fitted to the first half of a trace is tried on the second half", async () => {
  const io = new FakeIo({ "w.yaml": WORKLOAD });
  await observe(io);
  const { first, second } = halves(io.files.get("trace.csv")!);
  io.files.set("first.csv", first);
  io.files.set("second.csv", second);
  io.stderr = "";
  const header = "--trace-header trace.yaml";
  await run(
    `calibrate ${header} --trace-data first.csv ${ENGINE} ${GUESS} --fit fitted.yaml ` +
      "--report fit.json",
    io,
  );
  const horizonUs = 10 ** 9;
  await run(
    `replay ${header} --trace-data second.csv ${ENGINE} --coefficients fitted.yaml ` +
      `--horizon ${horizonUs} --results-path results.json`,
    io,
  );
  await run(
    `calibrate ${header} --trace-data second.csv --itl-data trace.itl.csv ` +
      "--sim-results results.json --report report.json",
    io,
  );
  Deno.mkdirSync(FOLDER, { recursive: true });
  io.files.set("summary.txt", io.stderr);
  for (const [name, text] of io.files) Deno.writeTextFileSync(`${FOLDER}/${name}`, text);

  const { trace_info, metrics } = JSON.parse(io.files.get("report.json")!);
  assert.equal(trace_info.matched_pairs, NUM_REQUESTS / 2);
  for (const metric of ["e2e", "itl", "ttft"]) {
    const { mape } = metrics[metric].request_level;
    assert.ok(mape > 0 && mape < IMPLAUSIBLE, `${metric} is off by ${mape}`);
  }
  const percent = (metrics.e2e.request_level.mape * 100).toFixed(1);
  const load = Deno.loadavg()[0]!.toFixed(1);
  // deno-lint-ignore no-console -- the figure is for people who read the log
  console.log(`E2E MAPE ${percent} % on the second half, load average ${load} (${FOLDER})`);
});
