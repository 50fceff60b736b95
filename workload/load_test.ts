import assert from "node:assert/strict";
import fc from "fast-check";
import { toYaml } from "../sim/internal/document.ts";
import { ConfigError } from "../sim/internal/errors.ts";
import { cohorts, sessionSpecs, singleSpecs, userSpecs } from "../tests/fixtures/workloads.ts";
import { loadWorkload } from "./load.ts";
import { checkSpec, specToFile } from "./spec_file.ts";

const CLIENT = `
  - id: a
    rate_fraction: 1
    arrival: {process: poisson}
    input_distribution: {type: constant, params: {value: 4}}
    output_distribution: {type: constant, params: {value: 3}}`;
const HEAD = 'version: "2"\naggregate_rate: 10\n';

function client(extra: string): string {
  return `${HEAD}clients:${CLIENT}\n    ${extra}\n`;
}

function cohort(extra: string): string {
  const members = CLIENT.replace("rate_fraction: 1", "population: 2\n    rate_fraction: 1");
  return `${HEAD}cohorts:${members}\n    ${extra}\n`;
}

/** `line:column message` of the error that a text causes, with its hint. */
function failure(text: string): string {
  try {
    loadWorkload(text, "spec.yaml");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { line, column, hint } = error.options;
    return `${line}:${column} ${error.message}${hint === undefined ? "" : ` (${hint})`}`;
  }
  throw new assert.AssertionError({ message: "accepted" });
}

Deno.test("a spec keeps what its file says, with defaults for the rest", () => {
  const { spec, warnings } = loadWorkload(`${client("timeout: 0")}seed: 9223372036854775807`, "f");
  assert.equal(spec.seed, 9223372036854775807n);
  assert.equal(spec.clients[0]!.timeoutUs, 0);
  assert.equal(spec.clients[0]!.closedLoop, undefined);
  assert.deepEqual(spec.clients[0]!.inputDistribution.params, { value: 4 });
  assert.deepEqual([spec.horizonUs, spec.numRequests, spec.cohorts, warnings], [0, 0, [], []]);
});

Deno.test("the largest integer is a time like any other", () => {
  const text = client("lifecycle: {windows: [{start_us: 0, end_us: 9223372036854775807}]}");
  const { windows } = loadWorkload(text, "f").spec.clients[0]!.lifecycle!;
  assert.equal(windows[0]!.endUs, 2 ** 63);
});

Deno.test("a file of version 1 is upgraded, its old SLO classes with a warning", () => {
  for (const version of ["", 'version: "1"\n']) {
    const text = client("slo_class: realtime").replace('version: "2"\n', version);
    const { spec, warnings } = loadWorkload(text, "f");
    assert.deepEqual([spec.version, spec.clients[0]!.sloClass], ["2", "critical"]);
    assert.deepEqual(warnings, ['SLO class "realtime" of version 1 is taken for "critical"']);
  }
  assert.equal(
    failure(client("slo_class: interactive")),
    '9:16 Cannot use "interactive" for clients[0].slo_class: it is called standard from version 2 on',
  );
});

Deno.test("a wrong value is shown with its place, as it was written, and what is accepted", () => {
  const cases: Readonly<Record<string, string>> = {
    [client("timeout: -0x1")]: "9:14 Cannot use -0x1 for clients[0].timeout: it must be >= 0",
    [client("prefix_lenght: 3")]:
      '9:5 Unknown key "prefix_lenght" in clients[0] (did you mean "prefix_length"?)',
    [client("slo_class: batsch")]:
      '9:16 Cannot use "batsch" for clients[0].slo_class: it must be one of critical, standard, ' +
      'batch, sheddable, background, realtime, interactive (did you mean "batch"?)',
    [client("concurrency: 2")]:
      "9:18 Found concurrency and rate_fraction: only one of them can be used",
    [client("lifecycle: {windows: [{start_us: 5, end_us: 5}]}")]:
      "9:49 Cannot use 5 for clients[0].lifecycle.windows[0].end_us: it must be > start_us, which is 5",
    [client("reasoning: {multi_turn: {max_rounds: 0}}")]:
      "9:42 Cannot use 0 for clients[0].reasoning.multi_turn.max_rounds: it must be >= 1",
    [cohort("prefix_sharing: per_member")]:
      '10:21 Cannot use "per_member" for cohorts[0].prefix_sharing: it needs a prefix_group',
    [cohort("diurnal: {peak_to_trough_ratio: .5}")]:
      "10:37 Cannot use .5 for cohorts[0].diurnal.peak_to_trough_ratio: it must be >= 1",
    [HEAD]: "1:1 Found no client, cohort, servegen_data or inference_perf: there is no load",
  };
  for (const [text, message] of Object.entries(cases)) assert.equal(failure(text), message);
});

Deno.test("a distribution is refused for its type, its parameters and what it would draw", () => {
  const withInput = (distribution: string) =>
    failure(client("streaming: no").replace("{type: constant, params: {value: 4}}", distribution));
  assert.match(withInput("{type: zipf}"), /^7:32 .* "zipf" .*: it must be one of gaussian, exp/);
  assert.match(withInput("{type: gausian}"), /lognormal \(did you mean "gaussian"\?\)$/);
  assert.match(
    failure(client("").replace("poisson", "poison")),
    /clients\[0\].arrival.process: it must be one of .* \(did you mean "poisson"\?\)$/,
  );
  assert.match(withInput("{params: {}}"), /^7:25 Missing key "type" in .*input_distribution/);
  assert.match(
    withInput("{type: gaussian, params: {mean: 4, std_dev: 1, min: 1}}"),
    /it must have mean, std_dev, min, max, and "max" is missing$/,
  );
  assert.match(
    withInput("{type: lognormal, params: {mu: 1, sigma: 1, min: 9, max: 3}}"),
    /: min \(9\) must be <= max \(3\)$/,
  );
  assert.match(withInput("{type: empirical, params: {x1: 1}}"), /key "x1" must be a whole number/);
  assert.match(withInput("{type: empirical}"), /Missing key "params"/);
  assert.match(withInput('{type: empirical, params: {"0": 1, "4": 1}}'), /lengths must be >= 1$/);
  assert.match(withInput("{type: exponential, params: {mean: .nan}}"), /must be a finite number/);
});

Deno.test("a prompt may be empty before the prefix of its group, an output may be empty", () => {
  const text = client("prefix_group: g").replaceAll(
    "constant, params: {value: 4}",
    "empirical, params: {0: 1}",
  )
    .replaceAll("constant, params: {value: 3}", "empirical, params: {0: 1}");
  assert.equal(loadWorkload(text, "f").spec.clients[0]!.prefixGroup, "g");
});

Deno.test("without an aggregate rate each window needs its own", () => {
  const absolute = (text: string) => failure(text.replace("aggregate_rate: 10\n", ""));
  const advice = "aggregate_rate is 0, so each window needs a trace_rate";
  const noRate =
    "1:1 Found no rate: give aggregate_rate > 0, or every client windows with a trace_rate";
  assert.equal(absolute(client("streaming: on")), noRate);
  assert.equal(absolute(cohort("streaming: on")), noRate);
  const beside = client("lifecycle: {windows: [{start_us: 0, end_us: 5, trace_rate: 1}]}") +
    CLIENT.slice(1).replace("id: a", "id: b") + "\n";
  assert.equal(absolute(beside), `10:20 Found no window here: ${advice}`);
  const window = "lifecycle: {windows: [{start_us: 0, end_us: 5}]}";
  assert.equal(absolute(client(window)), `8:27 Found no trace_rate here: ${advice}`);
  const diurnal = "diurnal: {peak_to_trough_ratio: 2}\n" +
    "    spike: {start_time_us: 0, duration_us: 5, trace_rate: 1}";
  assert.equal(absolute(cohort(diurnal)), `9:14 Cannot use diurnal here: ${advice}`);
});

Deno.test("parts of a spec that exclude each other are refused", () => {
  const servegen = `${client("streaming: on")}servegen_data: {path: x}\n`;
  assert.match(failure(servegen), /Found clients and servegen_data: only one of them can be used/);
  const mixed = client("slo_class: batch") + CLIENT.slice(1).replace("id: a", "id: b") + "\n";
  assert.match(
    failure(mixed),
    /^10:5 Found no slo_class here: where one client has it, all need it/,
  );
  const users = client("reasoning: {multi_turn: {max_rounds: 2}}") +
    CLIENT.slice(1).replace("rate_fraction", "concurrency") + "\n";
  assert.match(failure(users), /^11:18 Cannot use concurrency beside a client with multi_turn/);
});

Deno.test("an inference_perf block must give each of its clients a request", () => {
  const block = (stages: string, users: number, chat = false) =>
    `inference_perf:\n  stages: [${stages}]\n  shared_prefix: {num_unique_system_prompts: 2, ` +
    `num_users_per_system_prompt: ${users}, enable_multi_turn_chat: ${chat}}\n`;
  const one = "{rate: 2, duration: 3}";
  assert.equal(loadWorkload(block(one, 3), "f").spec.inferencePerf!.stages[0]!.durationSeconds, 3);
  assert.match(failure(block(one, 4)), /^2:12 Cannot serve 8 clients: rate 2 for 3 s gives 6 req/);
  assert.match(failure(block(`${one}, ${one}`, 4, true)), /Cannot serve 8 clients/);
  assert.equal(loadWorkload(block(`${one}, ${one}`, 4), "f").warnings.length, 0);
  assert.match(failure(block(one, 1e9)), /Cannot use 2000000000 clients/);
  assert.match(failure(block("{rate: 1e12, duration: 9}", 1)), /Cannot use .* requests a client/);
  assert.match(failure(block("{rate: 1e12, duration: 9}", 1, true)), /the most is 1000000$/);
  assert.match(failure(block("", 1)), /stages: it must have >= 1 items$/);
});

Deno.test("what specToFile writes, loadWorkload reads", () => {
  const specs = fc.oneof(singleSpecs, sessionSpecs(-9), userSpecs);
  fc.assert(
    fc.property(specs, fc.array(cohorts, { maxLength: 2 }), (spec, cohorts) => {
      fc.pre(cohorts.length === 0 || spec.clients.every(({ concurrency }) => concurrency === 0));
      const whole = { ...spec, cohorts, seed: BigInt.asIntN(50, spec.seed) };
      assert.deepEqual(loadWorkload(toYaml(specToFile(whole)), "f").spec, whole);
      checkSpec(whole, "f");
    }),
    { seed: 7, numRuns: 60 },
  );
});

Deno.test("a spec in memory is checked as its file would be", () => {
  const { spec } = loadWorkload(client("streaming: yes"), "f");
  const wrong = { ...spec, clients: [{ ...spec.clients[0]!, rateFraction: 0 }] };
  assert.throws(() => checkSpec(wrong, "the result"), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.options.file, "the result");
    assert.match(error.options.sourceLine!, /rate_fraction: 0/);
    return true;
  });
});
