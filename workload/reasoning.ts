import type { RequestDetails } from "../sim/request.ts";
import { SharedContent } from "../sim/shared_content.ts";
import type { Random } from "../sim/internal/random.ts";
import type { ClientPlan, Planner } from "./client_plan.ts";
import { arrivalTimes, type Timing } from "./clients.ts";
import { Draft, drawContent, type DrawnSession, type Head } from "./draft.ts";
import type { Lengths } from "./lengths/mod.ts";
import type { Pending } from "./pending.ts";
import type { MultiTurnSpec } from "./spec.ts";
import type { ActiveTime } from "./windows.ts";

/** True if a session's prompts repeat all that went before them. */
export function accumulates({ contextGrowth }: MultiTurnSpec): boolean {
  return contextGrowth === "accumulate";
}

/** Makes the sessions of one client: rounds of prompt and output with a pause between them. */
export class SessionMaker {
  readonly #plan: ClientPlan;
  readonly #multiTurn: MultiTurnSpec;
  readonly #ratios: Lengths | undefined;
  readonly #planner: Planner;
  readonly #pending: Pending;

  constructor(plan: ClientPlan, planner: Planner, pending: Pending) {
    const { multiTurn, reasonRatioDistribution } = plan.spec.reasoning!;
    this.#plan = plan;
    this.#multiTurn = multiTurn!;
    this.#ratios = reasonRatioDistribution.type === ""
      ? undefined
      : planner.lengths(reasonRatioDistribution);
    this.#planner = planner;
    this.#pending = pending;
  }

  /** Makes the sessions of a client without windows of its own rates, one a step. */
  *steps(timing: Timing, rng: Random): Generator<void, void, void> {
    const { maxRounds, singleSession } = this.#multiTurn;
    const { maxRequests } = this.#planner.options;
    if (singleSession) return this.#single(timing, rng);
    const { active } = this.#plan;
    const mostRounds = maxRequests > 0 ? 2 * maxRequests : Infinity;
    let rounds = 0;
    for (const startUs of arrivalTimes(this.#plan, timing, rng)) {
      this.draw(rng, startUs, { endUs: timing.horizonUs, active });
      this.raiseFloor(startUs);
      yield;
      rounds += maxRounds;
      if (rounds >= mostRounds) return;
    }
  }

  #single({ arrivals, horizonUs }: Timing, rng: Random): void {
    const { active, spec } = this.#plan;
    const gapUs = arrivals.nextGapUs(rng);
    if (gapUs === 0) return;
    const startUs = (spec.lifecycle?.windows[0]?.startUs ?? 0) + gapUs;
    if (startUs >= horizonUs || active?.includes(startUs) === false) return;
    this.draw(rng, startUs, { endUs: horizonUs, active });
  }

  /**
   * Draws all rounds of a session that starts at `startUs`. Rounds from the first one at or after
   * `endUs` on are dropped, others outside `active` one by one.
   */
  draw(
    rng: Random,
    startUs: number,
    kept: { readonly endUs: number; readonly active: ActiveTime | undefined },
  ): void {
    const { maxRounds, thinkTimeUs } = this.#multiTurn;
    const { prefix } = this.#plan;
    const session = { id: `sess_${rng.int63()}`, prefix, hasStarted: false };
    const isGrowing = accumulates(this.#multiTurn);
    const context = isGrowing
      ? new SharedContent(this.#planner.options.ids, prefix.content, prefix.tokens)
      : undefined;
    let head: Head = prefix;
    let arrivalUs = startUs;
    let ended = false;
    for (let round = 0; round < maxRounds; round++) {
      const draft = this.#drawRound(rng, head, session);
      if (isGrowing) {
        head = { tokens: draft.promptTokens + draft.outputTokens, ids: draft.tokens };
      }
      draft.round = round;
      draft.arrivalUs = arrivalUs;
      draft.deadlineUs = arrivalUs + this.#plan.sessionTimeoutUs;
      draft.shared = context ?? prefix.content;
      draft.sharedTokens = context === undefined ? prefix.tokens : head.tokens;
      ended ||= arrivalUs >= kept.endUs;
      if (!ended && kept.active?.includes(arrivalUs) !== false) this.#pending.add(draft);
      arrivalUs += thinkTimeUs + draft.outputTokens;
    }
  }

  /** Says that later sessions start after `startUs`. With negative pauses that bounds no round. */
  raiseFloor(startUs: number): void {
    if (this.#multiTurn.thinkTimeUs >= 0) this.#pending.floorUs = startUs;
  }

  #drawRound(rng: Random, head: Head, session: DrawnSession): Draft {
    const plan = this.#plan;
    const draft = new Draft(plan.roundLabels);
    draft.session = session;
    draft.sessionId = session.id;
    draft.prefixTokens = plan.prefix.tokens;
    draft.promptTokens = plan.input.next(rng);
    draft.outputTokens = plan.output.next(rng);
    drawContent(draft, rng, head);
    if (this.#ratios !== undefined) draft.details = reasoningDetails(this.#ratios.next(rng));
    return draft;
  }
}

function reasoningDetails(percent: number): RequestDetails {
  const reasonRatio = Math.min(1, Math.max(0, percent / 100));
  return { textTokens: 0, imageTokens: 0, audioTokens: 0, videoTokens: 0, reasonRatio };
}
