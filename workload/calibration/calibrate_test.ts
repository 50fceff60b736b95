import assert from "node:assert/strict";
import fc from "fast-check";
import { configErrorOf, csvOf, rowWith } from "../../tests/fixtures/traces.ts";
import { type CalibrationOptions, matchResults } from "./calibrate.ts";
import { calibrationReport, compare } from "./report.ts";
import { readChunkTimes } from "../recorded/itl_file.ts";
import { agreement, percentileDeviations } from "./pair_statistics.ts";
import { readSimResults, type SimResult } from "./sim_results.ts";
import { TraceReader } from "../recorded/trace_csv.ts";
import type { TraceRow } from "../recorded/trace_row.ts";

const NO_NETWORK: CalibrationOptions = {
  warmUpRequests: 0,
  rttUs: 0,
  bandwidthMbps: 0,
  isObserved: false,
};

function observed(requestId: number, ttftUs: number, e2eUs: number): TraceRow {
  const sendTimeUs = 1000 * requestId;
  return rowWith({
    requestId,
    sendTimeUs,
    firstChunkTimeUs: sendTimeUs + ttftUs,
    lastChunkTimeUs: sendTimeUs + e2eUs,
  });
}

function resultsOf(...results: Partial<SimResult>[]): Map<number, SimResult> {
  return readSimResults(JSON.stringify(results), "sim.json");
}

function match(
  rows: readonly TraceRow[],
  results: ReadonlyMap<number, SimResult>,
  options: Partial<CalibrationOptions> = {},
  chunkTimes?: string,
) {
  const reader = new TraceReader([csvOf(rows)], "t.csv");
  const times = chunkTimes === undefined ? undefined : readChunkTimes([chunkTimes], "itl.csv");
  return matchResults(reader, "t.csv", results, { ...NO_NETWORK, ...options }, times);
}

Deno.test("requests are matched by id; warm-up, strangers and impossible times are counted", () => {
  const rows = [observed(0, 1, 2), observed(1, 10, 20), observed(2, -5, 20), observed(7, 1, 1)];
  const results = resultsOf(
    { request_id: 1, ttft_us: 11, e2e_us: 22, input_tokens: 10, output_tokens: 5 },
    { request_id: 2, ttft_us: 1, e2e_us: 2, input_tokens: 10, output_tokens: 4 },
    { request_id: 9 },
  );
  const matches = match(rows, results, { warmUpRequests: 1 });
  assert.deepEqual(matches.e2e, { real: [20], sim: [22] });
  const { numWarmUp, numMatched, numUnmatchedReal, numUnmatchedSim, numTokenMismatches } = matches;
  assert.deepEqual(
    { numWarmUp, numMatched, numUnmatchedReal, numUnmatchedSim, numTokenMismatches },
    { numWarmUp: 1, numMatched: 2, numUnmatchedReal: 2, numUnmatchedSim: 1, numTokenMismatches: 1 },
  );
});

Deno.test("round trip and sending are added to the simulated latencies", () => {
  const results = resultsOf({ ttft_us: 100, e2e_us: 200, input_tokens: 10, output_tokens: 5 });
  const { ttft, e2e } = match([observed(0, 1, 2)], results, { rttUs: 7, bandwidthMbps: 8 });
  assert.deepEqual([ttft.sim, e2e.sim], [[100 + 7 + 40], [200 + 7 + 40 + 20]]);
});

Deno.test("an observed answer in one piece counts for E2E only", () => {
  const results = resultsOf({ ttft_us: 100, e2e_us: 200 });
  const matches = match([observed(0, 9, 9)], results, { isObserved: true });
  assert.deepEqual([matches.ttft.real, matches.e2e.real, matches.numWithoutTtft], [[], [9], 1]);
  const report = calibrationReport(matches, compare(matches), 0.15);
  assert.deepEqual(Object.keys(report.metrics as object), ["e2e"]);
  assert.equal("ttft_tolerance" in report, false);
});

Deno.test("inter-token latencies are means over chunks by index, without steps back in time", () => {
  const results = resultsOf({ ttft_us: 100, e2e_us: 500, output_tokens: 5 }, { request_id: 1 });
  const chunks = "r,i,t\n0,1,130\n0,0,100\n0,2,120\n0,3,170\n1,0,5\n1,1,4\n";
  const rows = [observed(0, 1, 2), observed(1, 1, 2)];
  const { itl, numItlDropped } = match(rows, results, {}, chunks);
  assert.deepEqual(itl, { real: [40], sim: [100] });
  assert.equal(numItlDropped, 1);
});

Deno.test("nothing to compare is an error", () => {
  const strangers = configErrorOf(() => match([observed(0, 1, 2)], resultsOf({ request_id: 5 })));
  assert.match(strangers.message, /No request of t.csv is among the results/);
  const skewed = configErrorOf(() => match([observed(0, -1, 2)], resultsOf({ request_id: 0 })));
  assert.match(skewed.message, /No request of t.csv ends after it was sent/);
});

Deno.test("wrong results and chunk times are shown at their place", () => {
  const wrong = configErrorOf(() => readSimResults('[\n {"ttft_us": "x"}\n]', "sim.json"));
  assert.deepEqual([wrong.options.file, wrong.options.line], ["sim.json", 2]);
  assert.match(configErrorOf(() => readSimResults("[", "sim.json")).message, /as JSON/);
  assert.match(configErrorOf(() => readSimResults("[]", "sim.json")).message, /no requests/);
  const chunk = configErrorOf(() => readChunkTimes(["a,b,c\n1,2,-3\n"], "itl.csv"));
  assert.deepEqual([chunk.options.line, chunk.options.column], [2, 5]);
  assert.match(configErrorOf(() => readChunkTimes([], "itl.csv")).message, /no header/);
});

const latencies = fc.array(
  fc.record({ real: fc.integer({ min: 1, max: 1e6 }), sim: fc.integer({ min: 0, max: 1e6 }) }),
  { minLength: 1, maxLength: 40 },
).map((pairs) => ({ real: pairs.map(({ real }) => real), sim: pairs.map(({ sim }) => sim) }));

Deno.test("equal latencies agree without error or bias", () => {
  fc.assert(
    fc.property(latencies, ({ real }) => {
      const { mape, bias } = agreement({ real, sim: real });
      assert.deepEqual([mape, bias], [0, "neutral"]);
    }),
    { seed: 1 },
  );
});

Deno.test("agreement does not depend on the unit, percentiles rise", () => {
  fc.assert(
    fc.property(latencies, (pairs) => {
      const times = (list: readonly number[]) => list.map((value) => value * 8);
      const scaled = { real: times(pairs.real), sim: times(pairs.sim) };
      assert.deepEqual(agreement(scaled), agreement(pairs));
      const reals = percentileDeviations(pairs).map(({ real }) => real);
      assert.deepEqual(reals, reals.toSorted((a, b) => a - b));
    }),
    { seed: 1 },
  );
});

Deno.test("quality needs small errors and a high correlation, so at least three pairs", () => {
  const quality = (real: number[], sim: number[]) => agreement({ real, sim }).quality;
  assert.equal(quality([100, 200, 300], [101, 202, 297]), "excellent");
  assert.equal(quality([100, 200, 300], [115, 230, 345]), "good");
  assert.equal(quality([100, 200, 300], [130, 260, 390]), "fair");
  assert.equal(quality([100, 200, 300], [300, 200, 100]), "poor");
  assert.equal(quality([100, 200], [100, 200]), "poor");
});
