import assert from "node:assert/strict";
import { parseDocument } from "../../sim/internal/document.ts";
import { coefficientsFile } from "../../cmd/resolve/coefficients_file.ts";
import { blisLine, FakeIo } from "./fake_io.ts";

const MODEL = "--model qwen/qwen3-14b --hardware H100 --tp 1";
const TRACE = "--trace-header t.yaml --trace-data t.csv";

/** Bursts and pauses, so that requests meet an idle engine as well as a full one. */
const BURSTS = `
version: "2"
aggregate_rate: 2
clients:
- id: c
  rate_fraction: 1
  arrival: {process: gamma, cv: 5}
  input_distribution: {type: lognormal, params: {mu: 6, sigma: 0.8, min: 20, max: 6000}}
  output_distribution: {type: exponential, params: {mean: 100}}
`;

async function run(line: string, io: FakeIo): Promise<string> {
  const { code, stderr } = await blisLine(line, io);
  assert.equal(code, 0, `${line}: ${stderr}`);
  return stderr;
}

/** A trace that the simulator makes with known coefficients. */
async function traceOf(alpha: string, beta: string, numRequests = 600): Promise<FakeIo> {
  const io = new FakeIo({ "w.yaml": BURSTS });
  const load = `--workload-spec w.yaml --num-requests ${numRequests}`;
  await run(
    `run ${MODEL} --alpha-coeffs ${alpha} --beta-coeffs ${beta} ${load} --trace-output t`,
    io,
  );
  return io;
}

Deno.test("a fit to a simulated trace finds its coefficients within 1 %", async () => {
  const known: [string, string][] = [
    ["1000,1.5,0", "5000,20,100"],
    ["1000,1.5,800", "5000,20,10"],
    ["8000,0.5,0", "20000,5,50"],
  ];
  for (const [alpha, beta] of known) {
    const io = await traceOf(alpha, beta);
    await run(`calibrate ${TRACE} ${MODEL} --fit f.yaml`, io);
    const fitted = parseDocument(io.files.get("f.yaml")!, "f.yaml").decode(coefficientsFile);
    const found = [...fitted.alpha_coeffs, ...fitted.beta_coeffs];
    for (const [i, text] of `${alpha},${beta}`.split(",").entries()) {
      const wanted = Number(text);
      const message = `${alpha} ${beta}: ${found}`;
      assert.ok(Math.abs(found[i]! - wanted) <= 0.01 * wanted, message);
    }
  }
});

Deno.test("the fit is tried on later requests: its errors there and those of the model before", async () => {
  const io = await traceOf("1000,1.5,0", "5000,20,100");
  const stderr = await run(`calibrate ${TRACE} ${MODEL} --fit f.yaml --report r.json`, io);
  const { training_requests, held_out_requests, before, after } = JSON.parse(
    io.files.get("r.json")!,
  );
  assert.deepEqual([training_requests, held_out_requests], [420, 180]);
  assert.equal(before.latency_model, "roofline");
  assert.ok(before.e2e_mape > 0.1);
  assert.ok(after.e2e_mape < 0.001 && after.ttft_mape < 0.01);
  assert.match(stderr, /\nVerdict: on 180 later requests .* E2E is off by 0\.0 % instead of \d/);
});

Deno.test("fitted coefficients price the steps of runs and replays", async () => {
  const io = await traceOf("1000,1.5,0", "5000,20,100");
  await run(`calibrate ${TRACE} ${MODEL} --fit f.yaml`, io);
  await run(
    `replay ${MODEL} --coefficients f.yaml ${TRACE} --horizon 1000000000 --results-path r.json`,
    io,
  );
  await run(
    `calibrate ${TRACE} --sim-results r.json --report c.json --fail-above e2e.mape=0.001`,
    io,
  );
  io.stdout = "";
  await run(`run ${MODEL} --coefficients f.yaml --num-requests 3`, io);
  const printed = io.stdout;
  io.files.set("g.yaml", "latency_model: blackbox\nalpha_coeffs: [1,1,1]\nbeta_coeffs: [1,1,1]\n");
  io.stdout = "";
  await run(`run ${MODEL} --coefficients g.yaml --num-requests 3`, io);
  assert.notEqual(io.stdout, printed);
});

Deno.test("the same trace gives the same file", async () => {
  const files = await Promise.all([1, 2].map(async () => {
    const io = await traceOf("1000,1.5,800", "5000,20,10", 200);
    await run(`calibrate ${TRACE} ${MODEL} --fit f.yaml`, io);
    return io.files.get("f.yaml");
  }));
  assert.equal(files[0], files[1]);
});

Deno.test("noise of the network leaves the step costs as they are", async () => {
  const io = await traceOf("1000,1.5,0", "5000,20,100");
  let noise = 1;
  const csv = io.files.get("t.csv")!.split("\n").map((line, i) => {
    const fields = line.split(",");
    if (i === 0 || fields.length < 27) return line;
    noise = noise * 48271 % 2147483647;
    for (const at of [22, 23]) fields[at] = String(Number(fields[at]) + noise % 1000);
    return fields.join(",");
  });
  io.files.set("t.csv", csv.join("\n"));
  await run(`calibrate ${TRACE} ${MODEL} --fit f.yaml`, io);
  const { beta_coeffs } = parseDocument(io.files.get("f.yaml")!, "f").decode(coefficientsFile);
  for (const [i, wanted] of [5000, 20, 100].entries()) {
    assert.ok(Math.abs(beta_coeffs[i]! - wanted) <= 0.03 * wanted, String(beta_coeffs));
  }
});

Deno.test("a fit needs a model and enough streamed answers", async () => {
  const io = await traceOf("1000,1.5,0", "5000,20,100", 20);
  const cases: [string, RegExp][] = [
    [`calibrate ${TRACE} --fit f.yaml`, /A fit needs --model/],
    [`calibrate ${TRACE} ${MODEL} --fit f.yaml`, /at least 20 are needed/],
    [`calibrate ${TRACE} ${MODEL} --fit f.yaml --sim-results r.json`, /--fit and --sim-results/],
    [`calibrate ${TRACE} ${MODEL} --fit no/f.yaml`, /Cannot access no\/f.yaml/],
    [`run ${MODEL} --coefficients t.yaml`, /Unknown key "trace_version"/],
    [`run ${MODEL} --coefficients f.yaml --latency-model roofline`, /another latency model/],
  ];
  for (const [line, message] of cases) {
    const { code, stderr } = await blisLine(line, new FakeIo(Object.fromEntries(io.files)));
    assert.equal(code, 2, line);
    assert.match(stderr, message);
  }
});

Deno.test("the coefficients among the examples are those of the observed trace beside them", async () => {
  const folder = "examples/observed";
  const read = (name: string) => Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
  const names = [`${folder}/monday.yaml`, `${folder}/monday.csv`];
  const io = new FakeIo(Object.fromEntries(names.map((name) => [name, read(name)])));
  const trace = `--trace-header ${names[0]} --trace-data ${names[1]}`;
  await run(
    `calibrate ${trace} --model tiny --max-num-seqs 8 --total-kv-blocks 2048 ` +
      "--alpha-coeffs 0,0,0 --beta-coeffs 10000,0,0 --fit f.yaml",
    io,
  );
  assert.equal(io.files.get("f.yaml"), read(`${folder}/fitted.yaml`));
});
