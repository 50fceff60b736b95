import { LeastSquares } from "../../sim/internal/least_squares.ts";

/** What a latency fit knows of an answered request; times in µs on one clock. */
export interface ObservedRequest {
  readonly sentUs: number;
  readonly firstTokenUs: number;
  readonly lastTokenUs: number;
  /** Prompt tokens that had to be computed. */
  readonly prefillTokens: number;
  /** Output tokens after the first one. */
  readonly decodeTokens: number;
  /** True if the fit may learn from it; the others only share its steps. */
  readonly isTraining: boolean;
}

/** µs of a step: in any case, per prefill token, per decoding request. */
export type StepCosts = readonly [perStep: number, perPrefillToken: number, perDecode: number];

/** Coefficients of an earlier fit: α0 and α1, and the step costs. */
export interface KnownLatency {
  readonly alpha: readonly [fixed: number, perToken: number, ...rest: readonly number[]];
  readonly beta: StepCosts;
}

/** How a batch is to be read. */
export interface BatchSettings {
  /** What each token of an answer is late without delaying the next step, µs. */
  readonly outputTokenUs: number;
  /** Most new tokens of a step. */
  readonly tokenBudget: number;
  /** Tells which prompts could share a step; undefined at first. */
  readonly known?: KnownLatency | undefined;
}

/** How well step costs explain the time that answers took from the first token to the last. */
export interface StepFit {
  readonly costs: StepCosts;
  /** Error of each request as a share of that time, NaN where none was fitted, and its median. */
  readonly misses: Float64Array;
  readonly error: number;
}

const ROUNDS = 12;
/** Misses of so many times the median still count in full, or nearly; and the least scale of them. */
const TOLERATED_MISSES = 3;
const LEAST_SCALE = 1e-5;

/**
 * The batch of one engine as its answers show it. A request joins the decodes when its first token
 * comes and leaves them with its last one, so between two such events the batch does not change,
 * and prompts are computed in the steps that end with a first token.
 */
export class ObservedBatch {
  readonly #requests: readonly ObservedRequest[];
  /** Times of joining and leaving, ascending, each once. */
  readonly #timesUs: Float64Array;
  /** For each request, the events of its first and its last token. */
  readonly #firsts: Int32Array;
  readonly #lasts: Int32Array;
  /** Prompt tokens computed since the event before, and the decodes after each event. */
  readonly #prefillTokens: Float64Array;
  readonly #numDecodes: Int32Array;
  readonly #tokenBudget: number;

  constructor(requests: readonly ObservedRequest[], settings: BatchSettings) {
    const { outputTokenUs, tokenBudget, known } = settings;
    const firstsUs = requests.map(({ firstTokenUs }) => firstTokenUs - outputTokenUs);
    const lastsUs = requests.map(({ lastTokenUs, decodeTokens }) =>
      lastTokenUs - (decodeTokens + 1) * outputTokenUs
    );
    this.#requests = requests;
    this.#tokenBudget = tokenBudget;
    this.#timesUs = Float64Array.from(new Set([...firstsUs, ...lastsUs])).sort();
    const eventOf = (us: number) => lowerBound(this.#timesUs, us);
    this.#firsts = Int32Array.from(firstsUs, eventOf);
    this.#lasts = Int32Array.from(lastsUs, eventOf);
    this.#numDecodes = new Int32Array(this.#timesUs.length);
    for (let i = 0; i < requests.length; i++) {
      this.#numDecodes[this.#firsts[i]!]!++;
      this.#numDecodes[this.#lasts[i]!]!--;
    }
    for (let e = 1; e < this.#numDecodes.length; e++) {
      this.#numDecodes[e]! += this.#numDecodes[e - 1]!;
    }
    this.#prefillTokens = this.#prefill(known);
  }

  /** Prompts are computed one after the other; what a step has left goes to those that wait. */
  #prefill(known: KnownLatency | undefined): Float64Array {
    const computed = new Float64Array(this.#timesUs.length);
    const order = [...this.#firsts.keys()].sort((a, b) =>
      this.#firsts[a]! - this.#firsts[b]! || a - b
    );
    const remaining = this.#requests.map(({ prefillTokens }) => prefillTokens);
    const [perStep, perPrefillToken, perDecode] = known?.beta ?? [this.#shortestGapUs(), 0, 0];
    for (let next = 0; next < order.length;) {
      const event = this.#firsts[order[next]!]!;
      let tokens = 0;
      for (; next < order.length && this.#firsts[order[next]!] === event; next++) {
        tokens += remaining[order[next]!]!;
      }
      const perStepTokens = this.#tokensPerStep(event);
      let left = Math.ceil(tokens / perStepTokens) * perStepTokens - tokens;
      const decodeStepUs = perStep + perDecode * (this.#numDecodes[event - 1] ?? 0);
      for (let k = next; k < order.length && left > 0; k++) {
        const waiting = order[k]!;
        const share = Math.min(left, remaining[waiting]!);
        const inLastStep = perStepTokens - left + share;
        const startUs = this.#timesUs[event]! - decodeStepUs - perPrefillToken * inLastStep;
        if (queuedUs(this.#requests[waiting]!, known) > startUs) break;
        remaining[waiting]! -= share;
        tokens += share;
        left -= share;
      }
      computed[event] = tokens;
    }
    return computed;
  }

  /** Prompt tokens that fit into a step before an event, beside the decodes. */
  #tokensPerStep(event: number): number {
    return Math.max(1, this.#tokenBudget - (event === 0 ? 0 : this.#numDecodes[event - 1]!));
  }

  /**
   * Step costs from the decodes: an answer of n further tokens took n steps. How many decodes were
   * in each follows from the costs themselves, so both are found in turns.
   */
  fitSteps(): StepFit {
    const costs: StepCosts = [this.#shortestGapUs(), 0, 0];
    let fit: StepFit = { costs, misses: new Float64Array(0), error: Infinity };
    for (let round = 0; round < ROUNDS; round++) fit = this.#refit(fit);
    return fit;
  }

  /**
   * When the steps began that computed the prompt of a request, when the last of them did, and how
   * long the step before all of them took, 0 if there was none.
   */
  admission(i: number, [perStep, perPrefillToken, perDecode]: StepCosts): {
    readonly startUs: number;
    readonly lastStartUs: number;
    readonly stepBeforeUs: number;
  } {
    const event = this.#firsts[i]!;
    const endUs = this.#timesUs[event]!;
    const decodes = event === 0 ? 0 : this.#numDecodes[event - 1]!;
    const prefill = this.#prefillTokens[event]!;
    const perStepTokens = this.#tokensPerStep(event);
    const numSteps = Math.max(1, Math.ceil(prefill / perStepTokens));
    const lastTokens = prefill - (numSteps - 1) * perStepTokens;
    const decodeStepUs = perStep + perDecode * decodes;
    const startUs = endUs - numSteps * decodeStepUs - perPrefillToken * prefill;
    const isAfterFirstToken = event > 0 && Math.abs(this.#timesUs[event - 1]! - startUs) <= 1;
    const before = isAfterFirstToken ? perPrefillToken * this.#prefillTokens[event - 1]! : 0;
    return {
      startUs,
      lastStartUs: endUs - decodeStepUs - perPrefillToken * lastTokens,
      stepBeforeUs: decodes === 0 ? 0 : decodeStepUs + before,
    };
  }

  /** `misses` of the fit before: a request that it explained badly counts less. */
  #refit({ costs, misses, error }: StepFit): StepFit {
    const sums = this.#sums(costs);
    const problem = new LeastSquares(3);
    const rows: (readonly [number, number, number] | undefined)[] = [];
    const scale = Math.max(LEAST_SCALE, TOLERATED_MISSES * error);
    for (const [i, { decodeTokens, isTraining }] of this.#requests.entries()) {
      const [first, last] = [this.#firsts[i]!, this.#lasts[i]!];
      const steps = sums.steps[last]! - sums.steps[first]!;
      const us = this.#timesUs[last]! - this.#timesUs[first]!;
      if (!isTraining || decodeTokens === 0 || !(steps > 0)) continue;
      const decodes = (sums.decodes[last]! - sums.decodes[first]!) * decodeTokens / steps;
      const row = [decodeTokens, sums.prefill[last]! - sums.prefill[first]!, decodes] as const;
      const miss = (misses[i] || 0) / scale;
      problem.add(row, us, 1 / (us * us * (1 + miss * miss)));
      rows[i] = row;
    }
    const solution = problem.solve() as unknown as StepCosts;
    const missed = Float64Array.from(this.#requests, (_, i) => {
      const [steps, prefill, decodes] = rows[i] ?? [NaN, NaN, NaN];
      const us = steps * solution[0] + prefill * solution[1] + decodes * solution[2];
      return Math.abs(
        us / (this.#timesUs[this.#lasts[i]!]! - this.#timesUs[this.#firsts[i]!]!) - 1,
      );
    });
    return { costs: solution, misses: missed, error: median(missed) };
  }

  /** Steps, decodes in them and prompt tokens up to each event, as the costs let them be counted. */
  #sums(costs: StepCosts) {
    const [perStep, perPrefillToken, perDecode] = costs;
    const length = this.#timesUs.length;
    const prefillTokens = this.#prefillByInterval(costs);
    const [steps, decodes, prefill] = [0, 1, 2].map(() => new Float64Array(length)) as [
      ...[Float64Array, Float64Array, Float64Array],
    ];
    for (let e = 1; e < length; e++) {
      const decoding = this.#numDecodes[e - 1]!;
      const tokens = prefillTokens[e]!;
      const us = this.#timesUs[e]! - this.#timesUs[e - 1]! - perPrefillToken * tokens;
      const count = decoding === 0
        ? 0
        : Math.max(tokens > 0 ? 1 : 0.5, us / (perStep + perDecode * decoding));
      steps[e] = steps[e - 1]! + count;
      decodes[e] = decodes[e - 1]! + count * decoding;
      prefill[e] = prefill[e - 1]! + tokens;
    }
    return { steps, decodes, prefill };
  }

  /** Prompts of several steps: tokens of all but the last one go to the events before which they end. */
  #prefillByInterval([perStep, perPrefillToken, perDecode]: StepCosts): Float64Array {
    const computed = this.#prefillTokens.slice();
    for (let e = 1; e < computed.length; e++) {
      const perStepTokens = this.#tokensPerStep(e);
      const decodeStepUs = perStep + perDecode * this.#numDecodes[e - 1]!;
      let rest = this.#prefillTokens[e]!;
      const numSteps = Math.ceil(rest / perStepTokens);
      let endUs = this.#timesUs[e]!;
      for (let step = numSteps; step > 1; step--) {
        const tokens = step === numSteps ? rest - (numSteps - 1) * perStepTokens : perStepTokens;
        rest -= tokens;
        endUs -= decodeStepUs + perPrefillToken * tokens;
        const event = Math.min(e, lowerBound(this.#timesUs, endUs - 1));
        const moved = Math.min(rest, perStepTokens);
        computed[e]! -= moved;
        computed[event]! += moved;
      }
    }
    return computed;
  }

  /** A low quantile of the mean time between the tokens of an answer: nearly that of a lone decode. */
  #shortestGapUs(): number {
    const gaps = this.#requests.keys()
      .filter((i) => this.#requests[i]!.decodeTokens > 0)
      .map((i) =>
        (this.#timesUs[this.#lasts[i]!]! - this.#timesUs[this.#firsts[i]!]!) /
        this.#requests[i]!.decodeTokens
      );
    const ascending = Float64Array.from(gaps).sort();
    return 0.8 * (ascending[Math.floor(ascending.length / 4)] ?? 0);
  }
}

/** When a request was ready to be admitted. */
function queuedUs({ sentUs, prefillTokens }: ObservedRequest, known?: KnownLatency): number {
  const [fixed, perToken] = known?.alpha ?? [0, 0];
  return sentUs + fixed + perToken * prefillTokens;
}

/** The middle value, without those that are NaN. */
function median(values: Float64Array): number {
  const ascending = values.filter((value) => !Number.isNaN(value)).sort();
  return ascending[Math.floor(ascending.length / 2)] ?? NaN;
}

/** Index of the first value that is not below `value`. */
function lowerBound(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
