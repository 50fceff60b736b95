import assert from "node:assert/strict";
import { blis, FakeIo, type Outcome } from "./fake_io.ts";

function lineOf(
  run: number,
  parameters: Record<string, unknown>,
  metrics: Record<string, number>,
): string {
  const line = { sweep: "a1", run, runs: 4, parameters, seed: String(run), metrics };
  return `${JSON.stringify(line)}\n`;
}

const slow = { rate: 2, scheduler: "fcfs" };
const fast = { rate: 20, "alpha-coeffs": [1, 2] };
const stored = [
  lineOf(3, fast, { ttft_p99_ms: 0.1, tokens_per_sec: 2e5 }),
  lineOf(0, slow, { ttft_p99_ms: 10, tokens_per_sec: 1000 }),
  lineOf(1, slow, { ttft_p99_ms: 11, tokens_per_sec: 1000 }),
  lineOf(2, slow, { ttft_p99_ms: 13, tokens_per_sec: 1000 }),
];

function report(text: string, ...flags: string[]): Promise<Outcome> {
  return blis(["sweep", "report", "r.jsonl", ...flags], new FakeIo({ "r.jsonl": text }));
}

Deno.test("a report has a row a setting, in the order of the sweep, with means and intervals", async () => {
  const { stdout, stderr } = await report(
    stored.join(""),
    ...["--metrics", "ttft_p99_ms, tokens_per_sec"],
  );
  assert.equal(stderr, "");
  assert.equal(
    stdout,
    "rate  scheduler  alpha-coeffs  seeds  ttft_p99_ms  tokens_per_sec\n" +
      "2          fcfs             -      3   11.3 ± 3.8        1000 ± 0\n" +
      "20            -         [1,2]      1       0.1000          200000\n",
  );
});

Deno.test("a wider confidence makes wider intervals", async () => {
  const { stdout } = await report(
    stored.join(""),
    ...["--metrics", "ttft_p99_ms", "--confidence", "0.99"],
  );
  assert.match(stdout, /11\.3 ± 8\.8\n/);
});

Deno.test("a report as JSON has all metrics and what they rest on", async () => {
  const { stdout } = await report(stored.join(""), "--output", "json");
  const { settings, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, { sweep: "a1", runs: 4, missing: 0, confidence: 0.95 });
  assert.deepEqual(settings[1], {
    parameters: fast,
    seeds: 1,
    metrics: {
      ttft_p99_ms: { mean: 0.1, half_width: null },
      tokens_per_sec: { mean: 2e5, half_width: null },
    },
  });
  assert.deepEqual(settings[0].metrics.tokens_per_sec, { mean: 1000, half_width: 0 });
});

Deno.test("a report of a sweep that goes on says how much is missing", async () => {
  const { code, stdout, stderr } = await report(
    stored.slice(0, 2).join("") + stored[2]!.slice(0, 20),
    ...["--metrics", "tokens_per_sec"],
  );
  assert.equal(code, 0);
  assert.equal(stderr, "warning: 2 of 4 runs are not there yet\n");
  assert.match(stdout, /^2 .* 1 {12}1000\n20 /m);
});

Deno.test("an unknown metric is refused with the nearest one", async () => {
  const { code, stdout, stderr } = await report(stored.join(""), "--metrics", "ttft_p9_ms");
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    'error: Unknown metric "ttft_p9_ms" in --metrics\nhint: did you mean "ttft_p99_ms"?\n',
  );
});

Deno.test("a file without runs is no result of a sweep", async () => {
  for (const text of ["", '{"unfinished":']) {
    const { code, stdout, stderr } = await report(text);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^error: No runs in r\.jsonl\nhint: /);
  }
});

Deno.test("a line that is no run is shown with what it lacks", async () => {
  assert.match(
    (await report("3\n")).stderr,
    /^error: Cannot use 3 for the file: it must be a map\n/,
  );
  assert.match((await report("{}\n")).stderr, /^error: Missing key "sweep" in the file\n/);
});
