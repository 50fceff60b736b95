import assert from "node:assert/strict";
import { ConfigError } from "../../sim/internal/errors.ts";
import { specWith, start, take } from "../../tests/fixtures/workloads.ts";
import { expandServegen, onlyPeriod, type ServegenFiles, servegenToSpec } from "./servegen.ts";
import { fitLogNormal } from "./fit.ts";

const LENGTHS = { windowSeconds: 100, drainSeconds: 10 };
const FITTING = { input_tokens: "{100: 0.5, 200: .5,}", output_tokens: "{'10': 1}" };

function filesOf(content: Readonly<Record<string, string>>): ServegenFiles {
  return {
    folder: "data",
    list: () => Object.keys(content),
    read: (name) => content[name] ?? assert.fail(`${name} was read`),
  };
}

/** A chunk that is active at midnight, all three windows that may be selected. */
function chunk(id: number, dataset: unknown, pattern = "Gamma,2,3"): Record<string, string> {
  return {
    [`chunk-${id}-trace.csv`]: [0, 600, 1200].map((s) => `${s},4,1.5,${pattern}\n`).join(""),
    [`chunk-${id}-dataset.json`]: JSON.stringify(dataset),
  };
}

const fitted = { 0: { input_tokens: "{100: 0.5, 200: .5,}", output_tokens: "{10: 1}" } };

function refusal(content: Readonly<Record<string, string>>): string {
  try {
    servegenToSpec(filesOf(content), LENGTHS);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new assert.AssertionError({ message: "accepted" });
}

Deno.test("measured clients become cohorts of their SLO class, with the mean of their figures", () => {
  const content = { ...chunk(0, fitted), ...chunk(1, fitted, "Weibull,4,1") };
  const { spec, warnings } = servegenToSpec(filesOf(content), LENGTHS);
  assert.deepEqual(warnings, []);
  assert.deepEqual(spec.cohorts.map(({ id, population }) => [id, population]), [
    ["midnight-critical", 1],
    ["midnight-standard", 1],
  ]);
  const [cohort] = spec.cohorts;
  assert.deepEqual(cohort!.spike, { startTimeUs: 0, durationUs: 1e8, traceRate: 4 });
  assert.equal(cohort!.outputDistribution.params.sigma, 0);
  assert.deepEqual(
    spec.cohorts.map(({ arrival }) => arrival).sort((a, b) => a.shape! - b.shape!),
    [
      { process: "gamma", cv: 1.5, shape: 2, scale: 3e6 },
      { process: "weibull", cv: 1.5, shape: 4, scale: 1e6 },
    ],
  );
  assert.equal(onlyPeriod(spec, "midnight").cohorts.length, 2);
  assert.throws(() => onlyPeriod(spec, "morning"), ConfigError);
});

Deno.test("data of reasoning clients become cohorts of one round with their share of reasoning", () => {
  const entry = { ...fitted[0], reason_ratio: '{"0.29": 1, "0.5": 3}' };
  const { spec } = servegenToSpec(filesOf(chunk(0, { 0: entry })), LENGTHS);
  assert.equal(spec.category, "reasoning");
  const [cohort] = spec.cohorts;
  assert.deepEqual(cohort!.reasoning!.reasonRatioDistribution.params, { 28: 1, 50: 3 });
  assert.deepEqual([cohort!.closedLoop, cohort!.arrival.process], [false, "poisson"]);
  assert.throws(() => onlyPeriod(spec, "midnight"), ConfigError);
});

Deno.test("data that cannot be used are refused with their file", () => {
  assert.equal(refusal({}), "Found no chunk-*-trace.csv in data");
  const dataset = JSON.stringify(fitted);
  const withTrace = (trace: string) =>
    refusal({ "chunk-0-trace.csv": trace, "chunk-0-dataset.json": dataset });
  assert.equal(withTrace("0,1,1,x\n\n600,1,1\n"), "Found 3 fields where the first row has 4");
  assert.equal(withTrace("0,0,1,x\n"), "Found no usable chunk in data");
  assert.equal(withTrace("90000,1,1,x\n"), "Found no active chunk in data");
  const withInput = (input: string) =>
    refusal(chunk(0, { 0: { ...fitted[0], input_tokens: input } }));
  assert.match(withInput("[1]"), /^Cannot use input_tokens at 0: it must be/);
  assert.match(withInput("{1: x}"), /"1: x" is no entry$/);
  assert.match(withInput("{,}"), /it has no entry$/);
  assert.match(withInput("{5: -1}"), /negative frequency -1 for length 5/);
  assert.match(withInput("{-5: 1}"), /no length with a frequency above 0/);
  assert.match(refusal({ ...chunk(0, fitted), "chunk-0-dataset.json": "[]" }), /JSON object/);
});

Deno.test("rows and entries that are no figures are left out with a warning", () => {
  const content = chunk(0, { ...fitted, noon: FITTING });
  content["chunk-0-trace.csv"] += "never,1,1,Gamma,1,1\n";
  const { warnings } = servegenToSpec(filesOf(content), LENGTHS);
  assert.deepEqual(warnings, [
    "Left out 1 rows of chunk-0-trace.csv: they are no figures",
    'Left out the entry "noon" of chunk-0-dataset.json: it is no time',
  ]);
});

Deno.test("a log-normal is fitted by the mean and variance of the logarithms", () => {
  const { mu, sigma } = fitLogNormal(new Map([[100, 2], [0, 9], [400, 2]]));
  assert.ok(Math.abs(mu - Math.log(200)) < 1e-12);
  assert.ok(Math.abs(sigma - Math.log(2)) < 1e-12);
});

Deno.test("a spec takes its cohorts from servegen_data, unless it has some", () => {
  const servegenData = {
    path: "data",
    windowDurationSecs: 0,
    drainTimeoutSecs: -1,
    timeWindow: "",
    spanStart: 0,
    spanEnd: 0,
  };
  const open = (path: string) => {
    assert.equal(path, "data");
    return filesOf(chunk(0, fitted));
  };
  const spec = specWith([], { servegenData, aggregateRate: 7 });
  const expanded = expandServegen(spec, open).spec;
  assert.equal(expanded.servegenData, undefined);
  assert.equal(expanded.aggregateRate, 0);
  assert.equal(expanded.cohorts[0]!.spike!.durationUs, 600e6);
  assert.ok(take(start(expanded, { maxRequests: 9 })).length === 9);
  const { spec: kept, warnings } = expandServegen({ ...spec, cohorts: expanded.cohorts }, open);
  assert.deepEqual([kept.aggregateRate, warnings.length], [7, 1]);
});

Deno.test("what is converted is checked: a mean shape of 0 is refused", () => {
  const servegenData = {
    path: "data",
    windowDurationSecs: 0,
    drainTimeoutSecs: 0,
    timeWindow: "",
    spanStart: 0,
    spanEnd: 0,
  };
  const open = () => filesOf(chunk(0, fitted, "other,2,3"));
  assert.throws(() => expandServegen(specWith([], { servegenData }), open), /arrival.cv/);
});
