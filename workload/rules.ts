import type { z } from "zod";
import { nearest } from "../sim/internal/nearest.ts";
import { oneOf } from "../sim/internal/requirement.ts";
import { arrivals } from "./arrivals/mod.ts";
import { MAX_CLIENTS, OLD_SLO_CLASSES, type workloadFields } from "./fields.ts";
import { checkInferencePerf } from "./inference_perf_rules.ts";
import { createLengths, lengths, lengthsProblem } from "./lengths/mod.ts";

type File = z.infer<typeof workloadFields>;
type Client = File["clients"][number];
type Cohort = File["cohorts"][number];
type Window = NonNullable<Client["lifecycle"]>["windows"][number];
type Distribution = Client["input_distribution"];
type Path = (string | number)[];

/** Notes what is wrong at a path: a whole sentence, or what the value must be. */
export type Report = (path: Path, message: string, hint?: string) => void;

const WEIBULL_CV = [0.01, 10.4] as const;

/** The rules between the keys of a workload file, as a zod check. */
export function checkWorkload(payload: z.core.ParsePayload<File>): void {
  const report: Report = (path, message, hint) => {
    payload.issues.push({ code: "custom", input: payload.value, path, message, params: { hint } });
  };
  const file = payload.value;
  checkSources(file, report);
  checkNumClients(file, report);
  if (file.inference_perf !== undefined) checkInferencePerf(file.inference_perf, report);
  else checkRates(file, report);
  file.clients.forEach((client, i) => checkClient(client, within(report, ["clients", i])));
  file.cohorts.forEach((cohort, i) => checkCohort(cohort, within(report, ["cohorts", i])));
  checkSloClasses(file, report);
  checkMixedLoops(file, report);
}

function within(report: Report, parent: Path): Report {
  return (path, message, hint) => report([...parent, ...path], message, hint);
}

function checkSources(file: File, report: Report): void {
  const sources = [
    file.clients.length > 0 ? "clients" : "",
    file.servegen_data !== undefined ? "servegen_data" : "",
    file.inference_perf !== undefined ? "inference_perf" : "",
  ].filter((name) => name !== "");
  if (sources.length > 1) {
    report([sources[1]!], `Found ${sources.join(" and ")}: only one of them can be used`);
  } else if (sources.length + file.cohorts.length === 0) {
    report([], "Found no client, cohort, servegen_data or inference_perf: there is no load");
  }
}

function checkNumClients({ clients, cohorts }: File, report: Report): void {
  let count = clients.length;
  for (const { population } of cohorts) count += population;
  if (count > MAX_CLIENTS) {
    report(["cohorts"], `Cannot use ${count} clients: the most is ${MAX_CLIENTS}`);
  }
}

function checkRates(file: File, report: Report): void {
  const { clients, cohorts, aggregate_rate: rate } = file;
  if (cohorts.length === 0 && clients.every((client) => client.concurrency > 0)) return;
  if (rate < 0) return report(["aggregate_rate"], "it must be > 0");
  if (rate > 0) return;
  if (!clients.some(hasWindows) && !cohorts.some(({ spike }) => spike?.trace_rate !== undefined)) {
    report(["aggregate_rate"], NO_RATE);
    return;
  }
  clients.forEach((client, i) => {
    if (client.concurrency === 0) checkOwnRate(client, within(report, ["clients", i]));
  });
  cohorts.forEach((cohort, i) => checkCohortRate(cohort, within(report, ["cohorts", i])));
}

function hasWindows({ lifecycle }: Client): boolean {
  return (lifecycle?.windows.length ?? 0) > 0;
}

const NO_RATE = "Found no rate: give aggregate_rate > 0, or every client windows with a trace_rate";
const NO_TOTAL = "aggregate_rate is 0, so each window needs a trace_rate";

function checkOwnRate(client: Client, report: Report): void {
  const windows = client.lifecycle?.windows ?? [];
  if (!hasWindows(client)) report(["rate_fraction"], `Found no window here: ${NO_TOTAL}`);
  const j = windows.findIndex((window) => window.trace_rate === undefined);
  if (j >= 0) report(["lifecycle", "windows", j], `Found no trace_rate here: ${NO_TOTAL}`);
}

function checkCohortRate({ diurnal, drain, spike }: Cohort, report: Report): void {
  if (diurnal !== undefined) report(["diurnal"], `Cannot use diurnal here: ${NO_TOTAL}`);
  if (drain !== undefined) report(["drain"], `Cannot use drain here: ${NO_TOTAL}`);
  if (spike?.trace_rate === undefined) {
    report(["spike"], `Found no spike with a trace_rate here: ${NO_TOTAL}`);
  } else if (spike.trace_rate <= 0) report(["spike", "trace_rate"], "it must be > 0");
}

function checkClient(client: Client, report: Report): void {
  const { concurrency, rate_fraction: fraction, lifecycle } = client;
  if (concurrency > 0 && fraction > 0) {
    report(["concurrency"], "Found concurrency and rate_fraction: only one of them can be used");
  }
  if (concurrency === 0) {
    if (fraction <= 0) {
      report(["rate_fraction"], "it must be > 0, or concurrency given");
    }
    checkArrival(client.arrival, report);
  }
  checkScale(client.arrival, report);
  checkContent(client, report);
  if (lifecycle === undefined) return;
  if (lifecycle.windows.length === 0) report(["lifecycle", "windows"], "it must have a window");
  lifecycle.windows.forEach((window, j) => {
    checkWindow(window, within(report, ["lifecycle", "windows", j]));
  });
}

function checkCohort(cohort: Cohort, report: Report): void {
  checkArrival(cohort.arrival, report);
  checkScale(cohort.arrival, report);
  checkContent(cohort, report);
  if (cohort.prefix_sharing === "per_member" && cohort.prefix_group === "") {
    report(["prefix_sharing"], "it needs a prefix_group");
  }
}

function checkArrival({ process, cv, shape, scale }: Client["arrival"], report: Report): void {
  if (!Object.hasOwn(arrivals, process)) {
    const names = Object.keys(arrivals);
    report(["arrival", "process"], oneOf(names), guessOf(process, names));
  }
  if (cv === undefined) return;
  const isExplicit = (shape ?? 0) > 0 && (scale ?? 0) > 0;
  const [least, most] = WEIBULL_CV;
  if (process === "weibull" && !isExplicit && !(cv >= least && cv <= most)) {
    report(["arrival", "cv"], `it must be between ${least} and ${most} for weibull`);
  } else if (cv <= 0) report(["arrival", "cv"], "it must be > 0");
}

function guessOf(word: string, names: readonly string[]): string | undefined {
  const similar = nearest(word, names);
  return similar === undefined ? undefined : `did you mean "${similar}"?`;
}

function checkScale({ shape, scale }: Client["arrival"], report: Report): void {
  if (shape !== undefined && shape <= 0) report(["arrival", "shape"], "it must be > 0");
  if (scale !== undefined && scale <= 0) report(["arrival", "scale"], "it must be > 0");
}

/** What clients and cohorts have in common. */
function checkContent(client: Client | Cohort, report: Report): void {
  const hasSessions = client.reasoning?.multi_turn !== undefined;
  const alwaysHasPrefix = client.prefix_group !== "" && !hasSessions && !("lifecycle" in client);
  const leastInput = alwaysHasPrefix ? 0 : 1;
  checkLengths(client.input_distribution, leastInput, within(report, ["input_distribution"]));
  checkLengths(client.output_distribution, 0, within(report, ["output_distribution"]));
  for (const [name, distribution] of Object.entries(client.multimodal ?? {})) {
    if (distribution.type !== "") {
      checkLengths(distribution, -Infinity, within(report, ["multimodal", name]));
    }
  }
  const ratio = client.reasoning?.reason_ratio_distribution;
  if (ratio === undefined || ratio.type === "" || !hasSessions) return;
  checkLengths(ratio, -Infinity, within(report, ["reasoning", "reason_ratio_distribution"]));
}

function checkWindow(window: Window, report: Report): void {
  if (window.end_us <= window.start_us) {
    report(["end_us"], `it must be > start_us, which is ${window.start_us}`);
  }
  const { input_distribution: input, output_distribution: output } = window;
  if (input !== undefined) checkLengths(input, 1, within(report, ["input_distribution"]));
  if (output !== undefined) checkLengths(output, 0, within(report, ["output_distribution"]));
}

function checkLengths(distribution: Distribution, least: number, report: Report): void {
  const problem = lengthsProblem(distribution);
  if (problem !== undefined) {
    const guess = problem.key === "type"
      ? guessOf(distribution.type, Object.keys(lengths))
      : undefined;
    return report([problem.key], problem.message, guess);
  }
  if (createLengths(distribution).least < least) {
    report(["params"], `its lengths must be >= ${least}`);
  }
}

function checkSloClasses(file: File, report: Report): void {
  const isOld = file.version === "" || file.version === "1";
  file.clients.forEach(({ slo_class: name }, i) => {
    if (isOld || !Object.hasOwn(OLD_SLO_CLASSES, name)) return;
    const message = `it is called ${OLD_SLO_CLASSES[name]} from version 2 on`;
    report(["clients", i, "slo_class"], message);
  });
  const all = [
    ...file.clients.map(({ slo_class }, i) => ({ path: ["clients", i], slo_class })),
    ...file.cohorts.map(({ slo_class }, i) => ({ path: ["cohorts", i], slo_class })),
  ];
  const unclassed = all.filter(({ slo_class }) => slo_class === "");
  if (unclassed.length === 0 || unclassed.length === all.length) return;
  report(unclassed[0]!.path, "Found no slo_class here: where one client has it, all need it");
}

function checkMixedLoops({ clients, cohorts }: File, report: Report): void {
  const i = clients.findIndex((client) => client.concurrency > 0);
  const hasSessions = [...clients, ...cohorts].some((c) => c.reasoning?.multi_turn !== undefined);
  if (i < 0 || !hasSessions) return;
  report(
    ["clients", i, "concurrency"],
    "Cannot use concurrency beside a client with multi_turn: their budgets of requests differ",
  );
}
