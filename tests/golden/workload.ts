import { type Request, RequestState } from "../../sim/request.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { fnv1a64 } from "../../sim/internal/random.ts";
import { generate, type Workload } from "../../workload/generate.ts";
import { loadWorkload } from "../../workload/load.ts";
import { presetWorkload } from "../../workload/presets.ts";
import { scenarios, scenarioSpec } from "../../workload/scenarios.ts";
import { expandServegen } from "../../workload/servegen/servegen.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import { synthesize } from "../../workload/synthesize.ts";
import { checkConversions, embeddedPresets } from "./workload_convert.ts";
import { type GoldenSuite, listGoldens, readGolden, type Tally } from "./harness.ts";

const MAX_INT64 = 2 ** 63;
const MAX_FOLLOW_UPS = 120;
const NO_FILES = () => ({ folder: "/nonexistent-dir", list: () => [], read: () => "" });

/**
 * Recorded request lists of specs, flags, presets and scenarios, their follow-ups under an
 * artificial clock, what becomes of wrong specs, and conversions.
 */
export const workload: GoldenSuite = async (folder, tally) => {
  for (const name of listGoldens(folder)) {
    if (!/^\d\d-.*\.json$/.test(name)) continue;
    const golden: RequestList = JSON.parse(await readGolden(folder, name));
    const text = await readGolden(folder, golden.spec!);
    checkList(loadWorkload(text, golden.spec!).spec, golden, tally);
  }
  for (const name of listGoldens(`${folder}/builtin`)) {
    const golden: RequestList = JSON.parse(await readGolden(`${folder}/builtin`, name));
    checkList(builtinSpec(golden.name!), golden, tally);
  }
  const wrong = JSON.parse(await readGolden(folder, "validation-errors.json"));
  for (const [name, golden] of Object.entries<WrongSpec>(wrong)) checkWrong(name, golden, tally);
  await checkConversions(folder, tally);
};

interface RequestList {
  /** File of the spec, or name of a built-in workload. */
  readonly spec?: string;
  readonly name?: string;
  readonly horizon_us: string;
  readonly max_requests: number;
  readonly count: number;
  readonly requests: readonly Record<string, unknown>[];
  readonly follow_up_budget: number;
  readonly sessions?: readonly { readonly session_id: string }[];
  readonly follow_ups?: readonly Record<string, unknown>[];
}

interface WrongSpec {
  readonly yaml: string;
  readonly stage: "load" | "generate" | "ok";
  readonly count?: string;
}

function checkList(spec: WorkloadSpec, golden: RequestList, tally: Tally): void {
  const name = golden.spec ?? golden.name;
  const horizonUs = Number(golden.horizon_us);
  const { source, requests } = generateAll(spec, horizonUs, golden.max_requests);
  tally.equal(requests.length, golden.count, `${name} count`);
  golden.requests.forEach((want, i) => {
    checkRequest(requests[i], want, `${name} ${want.id}`, tally);
  });
  if (golden.sessions === undefined || golden.follow_ups === undefined) return;
  const started = new Set(requests.filter((r) => r.round === 0).map((r) => r.sessionId));
  for (const { session_id } of golden.sessions) {
    tally.check(started.has(session_id), () => `${name} ${session_id}: not started`);
  }
  const budget = source.followUpBudget === Infinity ? -1 : source.followUpBudget;
  tally.equal(budget, golden.follow_up_budget, `${name} follow-up budget`);
  const followUps = drive(source, requests);
  tally.equal(followUps.length, golden.follow_ups.length, `${name} follow-ups`);
  golden.follow_ups.forEach((want, i) => {
    checkRequest(followUps[i], want, `${name} ${want.id}`, tally);
  });
}

function generateAll(
  spec: WorkloadSpec,
  horizonUs: number,
  maxRequests: number,
): { readonly source: Workload; readonly requests: Request[] } {
  const source = generate(spec, {
    horizonUs: horizonUs >= MAX_INT64 ? Infinity : horizonUs,
    maxRequests,
    keepTokens: true,
    ids: new BlockIds(),
  });
  const requests: Request[] = [];
  for (let r = source.next(); r !== undefined; r = source.next()) requests.push(r);
  return { source, requests };
}

/** The spec of `preset-P-rate10-seedN`, `scenario-S-seedN-rate10` or `flags-…`. */
function builtinSpec(name: string): WorkloadSpec {
  const seed = BigInt(/seed(\d+)/.exec(name)![1]!);
  const pace = { ratePerSecond: 10 };
  const preset = /^preset-(.*)-rate10/.exec(name)?.[1];
  if (preset !== undefined) {
    return synthesize(presetWorkload(embeddedPresets()[preset]!, { seed, pace, numRequests: 0 }));
  }
  const scenario = /^scenario-(.*)-seed/.exec(name)?.[1];
  if (scenario !== undefined) return scenarioSpec(scenarios[scenario]!, { seed, ...pace });
  const lengths = { mean: 512, stdDev: 256, min: 2, max: 7000 };
  const common = { seed, numRequests: 0, prompt: lengths, output: lengths };
  if (name.startsWith("flags-concurrency5-think250-prefix64")) {
    const users = { concurrency: 5, thinkTimeUs: 250_000 };
    return synthesize({ ...common, pace: users, prefixTokens: 64 });
  }
  return name.startsWith("flags-distribution-defaults")
    ? synthesize({ ...common, pace: { ratePerSecond: 1 }, prefixTokens: 0 })
    : synthesize({ ...common, pace: { ratePerSecond: 12.5 }, prefixTokens: 64 });
}

function checkWrong(name: string, golden: WrongSpec, tally: Tally): void {
  const [stage, count] = outcome(golden.yaml);
  tally.equal(stage, golden.stage, `validation ${name}`);
  if (golden.stage === "ok") tally.equal(count, golden.count, `validation ${name} count`);
}

/** At which stage a spec fails, or how many requests it makes. */
function outcome(yaml: string): [stage: string, count?: string] {
  let spec: WorkloadSpec;
  try {
    spec = loadWorkload(yaml, "spec.yaml").spec;
  } catch (error) {
    // What has a path was read and found wrong by a rule; what has none could not be read.
    if (error instanceof ConfigError) {
      return [error.options.path === undefined ? "load" : "generate"];
    }
    throw error;
  }
  try {
    const expanded = expandServegen(spec, NO_FILES).spec;
    const horizonUs = spec.horizonUs > 0 ? spec.horizonUs : Infinity;
    return ["ok", `${generateAll(expanded, horizonUs, spec.numRequests).requests.length}`];
  } catch (error) {
    if (error instanceof ConfigError) return ["generate"];
    throw error;
  }
}

/** Ends the requests in the order of an artificial clock and returns the follow-ups. */
function drive(source: Workload, requests: readonly Request[]): Request[] {
  const pending: { request: Request; doneUs: number }[] = [];
  const add = (request: Request) => {
    const { arrivalUs, promptTokens, outputTokens } = request;
    pending.push({ request, doneUs: arrivalUs + 5000 + 1000 * outputTokens + 10 * promptTokens });
  };
  requests.forEach(add);
  const followUps: Request[] = [];
  for (let n = 1; pending.length > 0 && followUps.length < MAX_FOLLOW_UPS; n++) {
    const doneUs = Math.min(...pending.map((p) => p.doneUs));
    const [{ request }] = pending.splice(pending.findIndex((p) => p.doneUs === doneUs), 1) as [
      typeof pending[number],
    ];
    const { promptTokens, outputTokens } = request;
    const isShort = n % 7 === 0 && outputTokens > 1;
    request.numComputedTokens = promptTokens + (isShort ? outputTokens >> 1 : outputTokens);
    request.state = n % 23 === 0
      ? RequestState.QUEUED
      : n % 11 === 0
      ? RequestState.TIMED_OUT
      : RequestState.COMPLETED;
    for (const followUp of source.onFinished!(request, doneUs)) {
      followUps.push(followUp);
      add(followUp);
    }
  }
  return followUps;
}

function checkRequest(
  request: Request | undefined,
  want: Readonly<Record<string, unknown>>,
  what: string,
  tally: Tally,
): void {
  if (request === undefined) return tally.check(false, () => `${what}: missing`);
  const got = describe(request);
  for (const [key, value] of Object.entries(want)) tally.equal(got[key], value, `${what} ${key}`);
}

function describe(request: Request): Record<string, unknown> {
  const { labels, details, promptTokens, outputTokens, deadlineUs } = request;
  const input = request.tokens!.subarray(0, promptTokens);
  const output = request.tokens!.subarray(promptTokens);
  return {
    id: request.id,
    arrival_us: request.arrivalUs,
    input_len: promptTokens,
    output_len: outputTokens,
    max_output_len: request.maxOutputTokens,
    input_first8: [...input.subarray(0, 8)],
    input_fnv1a64: checksum(input),
    output_first8: [...output.subarray(0, 8)],
    output_fnv1a64: checksum(output),
    client_id: labels.clientId,
    tenant_id: labels.tenantId,
    slo_class: labels.sloClass,
    model: labels.model,
    adapter: labels.adapter,
    session_id: request.sessionId,
    round: request.round,
    deadline_us: deadlineUs === Infinity ? 0 : deadlineUs,
    slo_target_us: labels.sloTargetUs,
    streaming: labels.streaming,
    prefix_group: labels.prefixGroup,
    prefix_length: request.prefixTokens,
    text_tokens: details?.textTokens ?? 0,
    image_tokens: details?.imageTokens ?? 0,
    audio_tokens: details?.audioTokens ?? 0,
    video_tokens: details?.videoTokens ?? 0,
    reason_ratio: details?.reasonRatio ?? 0,
  };
}

function checksum(ids: Int32Array): string {
  const hash = fnv1a64(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  return hash.toString(16).padStart(16, "0");
}
