import type { Random } from "../sim/internal/random.ts";
import type { Arrivals } from "./arrivals/mod.ts";
import type { ClientPlan } from "./client_plan.ts";
import { Draft, drawContent } from "./draft.ts";
import type { Multimodal } from "./multimodal.ts";

/** How a client spends its time: its arrival process and where that ends. */
export interface Timing {
  readonly arrivals: Arrivals;
  /** Nothing arrives at or after it, in µs. */
  readonly horizonUs: number;
}

/**
 * The times in µs at which a client sends something. Arrivals outside its windows are drawn and
 * skipped; after the last window it ends.
 */
export function* arrivalTimes(
  { active }: Pick<ClientPlan, "active">,
  { arrivals, horizonUs }: Timing,
  rng: Random,
): Generator<number, void, void> {
  for (let timeUs = 0;;) {
    const gapUs = arrivals.nextGapUs(rng);
    if (gapUs === 0) return;
    timeUs += gapUs;
    if (timeUs >= horizonUs) return;
    if (active === undefined || active.includes(timeUs)) yield timeUs;
    else if (timeUs >= active.endUs) return;
  }
}

/**
 * The single requests of a client, by arrival. All are the same draft, which is valid until the
 * next one is asked for.
 */
export function* singleRequests(
  plan: ClientPlan,
  rng: Random,
  { times, modalities }: {
    readonly times: Iterable<number>;
    /** What prompts consist of, if not of text alone. */
    readonly modalities: Multimodal | undefined;
  },
): Generator<Draft, void, void> {
  const { prefix } = plan;
  const draft = new Draft(plan.labels);
  draft.prefixTokens = draft.sharedTokens = prefix.tokens;
  draft.shared = prefix.content;
  for (const arrivalUs of times) {
    draft.arrivalUs = arrivalUs;
    draft.deadlineUs = arrivalUs + plan.timeoutUs;
    if (modalities !== undefined) modalities.draw(draft, rng, plan);
    else {
      draft.promptTokens = plan.input.next(rng);
      draft.outputTokens = plan.output.next(rng);
      drawContent(draft, rng, prefix);
    }
    yield draft;
  }
}
