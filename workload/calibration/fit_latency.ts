import { LeastSquares } from "../../sim/internal/least_squares.ts";
import {
  type BatchSettings,
  ObservedBatch,
  type ObservedRequest,
  type StepCosts,
  type StepFit,
} from "./observed_batch.ts";

/** Coefficients of the blackbox latency model. */
export interface FittedLatency {
  /** µs before the queue, per prompt token before the queue, per output token. */
  readonly alpha: readonly [number, number, number];
  readonly beta: StepCosts;
}

/** Requests by which the overhead of an output token is searched for; more would take longer. */
const SEARCH_REQUESTS = 4000;
const COARSE_CANDIDATES = 40;
const FINE_CANDIDATES = 16;
/** An overhead of output tokens is believed if it explains away this share of the error. */
const MIN_EXPLAINED = 0.5;
const TURNS = 4;
const ADMISSION_ROUNDS = 40;
const MIN_ALONE = 8;
/** Weight of a request whose admission is explained: it only keeps the solution in its place. */
const EXPLAINED_WEIGHT = 1e-3;

/**
 * Coefficients that explain the observed latencies of one engine, none below 0. Step costs come
 * from the decodes, overheads from the time that is left between sending and the first step.
 * `tokenBudget`: most new tokens of a step.
 */
export function fitLatency(
  requests: readonly ObservedRequest[],
  tokenBudget: number,
): FittedLatency {
  const plain = fitInTurns(requests, { outputTokenUs: 0, tokenBudget });
  const searched = requests.slice(0, SEARCH_REQUESTS);
  const outputTokenUs = findOutputTokenUs(searched, { tokenBudget, known: plain });
  return outputTokenUs === 0 ? plain : fitInTurns(requests, { outputTokenUs, tokenBudget });
}

/** Finds overheads and step costs in turns, since each tells which prompts shared a step. */
function fitInTurns(
  requests: readonly ObservedRequest[],
  settings: Pick<BatchSettings, "outputTokenUs" | "tokenBudget">,
): FittedLatency {
  const { outputTokenUs } = settings;
  let fitted: FittedLatency | undefined;
  for (let turn = 0; turn < TURNS; turn++) {
    const batch = new ObservedBatch(requests, { ...settings, known: fitted });
    const { costs } = batch.fitSteps();
    const [fixedUs, perTokenUs] = fitAdmissions(requests, batch, costs);
    fitted = { alpha: [fixedUs, perTokenUs, outputTokenUs], beta: costs };
  }
  return fitted!;
}

/**
 * The overhead of an output token makes tokens late but no step longer. With the right one the
 * answers begin and end at common steps, so it is searched for, from coarse to fine. `known` is the
 * fit without it, in which the cost of a step contains it.
 */
function findOutputTokenUs(
  requests: readonly ObservedRequest[],
  { tokenBudget, known }: { readonly tokenBudget: number; readonly known: FittedLatency },
): number {
  const [perStep, ...otherCosts] = known.beta;
  const fitAt = (us: number): StepFit => {
    const latency = { alpha: known.alpha, beta: [perStep - us, ...otherCosts] as const };
    return new ObservedBatch(requests, { outputTokenUs: us, tokenBudget, known: latency })
      .fitSteps();
  };
  const plainError = fitAt(0).error;
  let best = { us: 0, error: plainError };
  let spacing = perStep / COARSE_CANDIDATES;
  const tryAll = (from: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const us = Math.round(from + i * spacing);
      if (us < 0 || us >= perStep) continue;
      const { costs, error } = fitAt(us);
      if (costs[0] > 0 && error < best.error) best = { us, error };
    }
  };
  tryAll(spacing, COARSE_CANDIDATES - 1);
  while (spacing > 1) {
    const from = best.us - spacing;
    spacing = Math.max(1, 2 * spacing / FINE_CANDIDATES);
    tryAll(from, FINE_CANDIDATES + 1);
  }
  return best.error <= (1 - MIN_EXPLAINED) * plainError ? best.us : 0;
}

/** What a request tells of the overhead before the queue, in µs. */
interface AdmissionBound {
  readonly prefillTokens: number;
  readonly mostUs: number;
  /** How much less it may be; Infinity if the request waited for others. */
  readonly rangeUs: number;
}

/**
 * α0 and α1. The overhead of a request has ended when the step begins that admits it. Unless others
 * were before it, it ended within the step before that one, or just then if the engine was idle.
 */
function fitAdmissions(
  requests: readonly ObservedRequest[],
  batch: ObservedBatch,
  costs: StepCosts,
): [number, number] {
  const bounds = admissionBounds(requests, batch, costs);
  let solution = middle(bounds);
  for (let round = 0; round < ADMISSION_ROUNDS; round++) {
    const problem = new LeastSquares(2);
    for (const { prefillTokens, mostUs, rangeUs } of bounds) {
      const us = solution[0] + solution[1] * prefillTokens;
      const nearestUs = Math.min(mostUs, Math.max(mostUs - rangeUs, us));
      problem.add([1, prefillTokens], nearestUs, nearestUs === us ? EXPLAINED_WEIGHT : 1);
    }
    solution = problem.solve() as [number, number];
  }
  return solution;
}

/** Bounds by the requests that waited for no other one; if these are too few, by the others too. */
function admissionBounds(
  requests: readonly ObservedRequest[],
  batch: ObservedBatch,
  costs: StepCosts,
): AdmissionBound[] {
  const alone = aloneInQueue(requests);
  const bounds = requests.flatMap(({ sentUs, prefillTokens, isTraining }, i) => {
    if (!isTraining) return [];
    const { startUs, lastStartUs, stepBeforeUs } = batch.admission(i, costs);
    return alone.has(i)
      ? { prefillTokens, mostUs: startUs - sentUs, rangeUs: stepBeforeUs }
      : { prefillTokens, mostUs: Math.max(0, lastStartUs - sentUs), rangeUs: Infinity };
  });
  const exact = bounds.filter(({ rangeUs }) => rangeUs < Infinity);
  return exact.length >= MIN_ALONE ? exact : bounds;
}

/** Where to start: the middle of the bounds that have one, else the shortest waits. */
function middle(bounds: readonly AdmissionBound[]): [number, number] {
  const problem = new LeastSquares(2);
  const exact = bounds.filter(({ rangeUs }) => rangeUs < Infinity);
  for (const { prefillTokens, mostUs, rangeUs } of exact) {
    problem.add([1, prefillTokens], mostUs - rangeUs / 2, 1);
  }
  if (exact.length >= MIN_ALONE) return problem.solve() as [number, number];
  return [bounds.reduce((least, { mostUs }) => Math.min(least, mostUs), Infinity), 0];
}

/**
 * Indices of the requests during whose wait for the first token no other one waited: nothing but
 * the step in flight kept them.
 */
function aloneInQueue(requests: readonly ObservedRequest[]): Set<number> {
  const order = [...requests.keys()].sort((a, b) =>
    requests[a]!.sentUs - requests[b]!.sentUs || a - b
  );
  let latestUs = -Infinity;
  return new Set(order.filter((i, k) => {
    const { sentUs, firstTokenUs } = requests[i]!;
    const nextUs = k + 1 < order.length ? requests[order[k + 1]!]!.sentUs : Infinity;
    const isAlone = latestUs < sentUs && nextUs > firstTokenUs;
    latestUs = Math.max(latestUs, firstTokenUs);
    return isAlone;
  }));
}
