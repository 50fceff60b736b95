import { ConfigError } from "../sim/internal/errors.ts";
import { Random } from "../sim/internal/random.ts";
import { createArrivals } from "./arrivals/mod.ts";
import { fittedGaps } from "./arrivals/spread.ts";
import { type ClientPlan, labelsOf, type Planner } from "./client_plan.ts";
import { Draft, drawContent } from "./draft.ts";
import { Pending } from "./pending.ts";
import { SessionMaker } from "./reasoning.ts";
import type { ClientSpec, WindowSpec } from "./spec.ts";
import { overlap } from "./windows.ts";

/** The most requests of one client in one window, whose gaps are kept to be scaled. */
const MAX_WINDOW_REQUESTS = 50_000_000;

/** True if a window of some client has a rate, process or lengths of its own. */
export function isTimeVarying(clients: readonly ClientSpec[]): boolean {
  return clients.some(({ lifecycle }) => lifecycle?.windows.some(hasOwnParameters));
}

function hasOwnParameters(window: WindowSpec): boolean {
  return window.traceRate !== undefined || window.arrival !== undefined ||
    window.inputDistribution !== undefined || window.outputDistribution !== undefined;
}

/** Requests/s of a client in a window, when clients share an aggregate rate by their weights. */
export class WindowRates {
  readonly #clients: readonly ClientSpec[];
  readonly #aggregateRate: number;
  /** Sum of the weights by window: members of a cohort have the same windows. */
  readonly #totals = new Map<string, number>();

  constructor(clients: readonly ClientSpec[], aggregateRate: number) {
    this.#clients = clients;
    this.#aggregateRate = aggregateRate;
  }

  /** `window` with its end clamped to the horizon. */
  of(client: ClientSpec, window: WindowSpec): number {
    const { traceRate } = window;
    if (this.#aggregateRate === 0 && traceRate !== undefined) return traceRate;
    const total = this.#total(window);
    return total === 0 ? 0 : this.#aggregateRate * ((traceRate ?? client.rateFraction) / total);
  }

  #total(window: WindowSpec): number {
    const key = `${window.startUs}:${window.endUs}`;
    const known = this.#totals.get(key);
    if (known !== undefined) return known;
    let total = 0;
    for (const { rateFraction, lifecycle } of this.#clients) {
      if (lifecycle === undefined) total += rateFraction;
      else {
        const first = lifecycle.windows.find((other) => overlap(window, other));
        if (first !== undefined) total += first.traceRate ?? rateFraction;
      }
    }
    this.#totals.set(key, total);
    return total;
  }
}

/** The requests of a client whose windows have rates, processes or lengths of their own, by arrival. */
export function windowRequests(
  plan: ClientPlan,
  planner: Planner,
  { rates, seed }: { readonly rates: WindowRates; readonly seed: number },
): Generator<Draft, void, void> {
  const pending = new Pending();
  return pending.inOrder(new WindowedClient(plan, planner, pending).steps(rates, new Random(seed)));
}

/** One client on its way through its windows, in the order of the file. */
class WindowedClient {
  readonly #plan: ClientPlan;
  readonly #planner: Planner;
  readonly #pending: Pending;

  constructor(plan: ClientPlan, planner: Planner, pending: Pending) {
    // What is made for a window loses some of what its client has, as in the reference: single
    // requests their prefix and deadline, rounds of a session their TTFT target.
    const { spec } = plan;
    const { streaming, sloTargetUs = 0 } = spec;
    this.#plan = {
      ...plan,
      labels: labelsOf(spec, { prefixGroup: "", streaming, sloTargetUs }),
      roundLabels: labelsOf(spec, { prefixGroup: "", streaming: false, sloTargetUs: 0 }),
      timeoutUs: planner.options.timeoutUs ?? Infinity,
    };
    this.#planner = planner;
    this.#pending = pending;
  }

  *steps(rates: WindowRates, rng: Random): Generator<void, void, void> {
    const { horizonUs } = this.#planner.options;
    const { spec } = this.#plan;
    const { windows } = spec.lifecycle!;
    const floors = startsOfLaterWindows(windows);
    for (const [j, window] of windows.entries()) {
      if (window.startUs >= horizonUs) continue;
      const clamped = { ...window, endUs: Math.min(window.endUs, horizonUs) };
      const ratePerSecond = rates.of(spec, clamped);
      if (ratePerSecond > 0) {
        yield* this.#window(clamped, { ratePerSecond, laterUs: floors[j]! }, rng);
      }
      this.#raiseFloor(floors[j]!);
      yield;
    }
  }

  *#window(
    window: WindowSpec,
    { ratePerSecond, laterUs }: { readonly ratePerSecond: number; readonly laterUs: number },
    rng: Random,
  ): Generator<void, void, void> {
    const { spec } = this.#plan;
    const { startUs, endUs, inputDistribution, outputDistribution } = window;
    const durationUs = endUs - startUs;
    const count = Math.ceil(ratePerSecond * (durationUs / 1e6));
    if (count > MAX_WINDOW_REQUESTS) throw tooMany(spec.id, count);
    const arrivals = createArrivals(window.arrival ?? spec.arrival, ratePerSecond / 1e6);
    const gaps = fittedGaps(arrivals, rng, { count, durationUs });
    const plan = {
      ...this.#plan,
      input: inputDistribution ? this.#planner.lengths(inputDistribution) : this.#plan.input,
      output: outputDistribution ? this.#planner.lengths(outputDistribution) : this.#plan.output,
    };
    const multiTurn = spec.reasoning?.multiTurn;
    const sessions = multiTurn && new SessionMaker(plan, this.#planner, this.#pending);
    const used = multiTurn?.singleSession ? gaps.subarray(0, 1) : gaps;
    let timeUs = startUs;
    for (const gapUs of used) {
      timeUs += gapUs;
      if (timeUs >= endUs) return;
      if (sessions !== undefined) sessions.draw(rng, timeUs, { endUs, active: undefined });
      else this.#single(plan, timeUs, rng);
      this.#raiseFloor(Math.min(timeUs, laterUs));
      yield;
    }
  }

  #single(plan: ClientPlan, arrivalUs: number, rng: Random): void {
    const draft = new Draft(plan.labels);
    draft.arrivalUs = arrivalUs;
    draft.deadlineUs = arrivalUs + plan.timeoutUs;
    draft.promptTokens = plan.input.next(rng);
    draft.outputTokens = plan.output.next(rng);
    drawContent(draft, rng, this.#planner.noPrefix);
    this.#pending.add(draft);
  }

  #raiseFloor(timeUs: number): void {
    const goesBack = (this.#plan.spec.reasoning?.multiTurn?.thinkTimeUs ?? 0) < 0;
    if (!goesBack) this.#pending.floorUs = timeUs;
  }
}

/** For each window, the earliest start of those after it. */
function startsOfLaterWindows(windows: readonly WindowSpec[]): number[] {
  const starts: number[] = [];
  let earliestUs = Infinity;
  for (let j = windows.length - 1; j >= 0; j--) {
    starts[j] = earliestUs;
    earliestUs = Math.min(earliestUs, windows[j]!.startUs);
  }
  return starts;
}

function tooMany(clientId: string, count: number): ConfigError {
  return new ConfigError(
    `Client "${clientId}" has ${count} requests in one window: the most is ${MAX_WINDOW_REQUESTS}`,
    { hint: "lower its trace_rate or split the window" },
  );
}
