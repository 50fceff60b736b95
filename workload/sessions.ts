import { Request, type RequestLabels, RequestState } from "../sim/request.ts";
import type { SharedContent } from "../sim/shared_content.ts";
import { Random } from "../sim/internal/random.ts";
import { Draft, drawContent, type Head, type Prefix } from "./draft.ts";
import type { Lengths } from "./lengths/mod.ts";

/** How the sessions of a client go on. */
export interface Blueprint {
  /** Infinity for a virtual user, who never stops. */
  readonly maxRounds: number;
  /** True if a prompt repeats all that went before it. */
  readonly accumulates: boolean;
  readonly thinkTimeUs: number;
  /** Infinity = never gives up. */
  readonly timeoutUs: number;
  readonly input: Lengths;
  readonly output: Lengths;
  readonly labels: RequestLabels;
  /** What the prompts of later rounds begin with, unless they accumulate. */
  readonly prefix: Prefix;
}

/** A session between two of its rounds. */
interface Session {
  readonly blueprint: Blueprint;
  /** Seed of its random stream, which is made for its first follow-up. */
  readonly seed: number;
  /** The last prompt as the next one will repeat it. */
  context: Head;
  /** What its prompts share, if they accumulate. */
  readonly content: SharedContent | undefined;
  rng: Random | undefined;
  round: number;
}

/** A session at its first round, which is round 0 and has drawn nothing unless it says otherwise. */
type SessionStart =
  & Pick<Session, "blueprint" | "seed" | "context" | "content">
  & Partial<Pick<Session, "rng" | "round">>;

const NONE: readonly Request[] = [];

/** Sessions that wait for answers: each that ends a round brings the next one. */
export class Sessions {
  /** By id; undefined for a virtual user who has stopped. */
  readonly #sessions = new Map<string, Session | undefined>();
  readonly #horizonUs: number;
  /** Follow-ups that may still be made. */
  #budget: number;
  #numFollowUps = 0;

  /** `budget`: the most follow-ups, Infinity = no limit. None arrives after the horizon. */
  constructor(horizonUs: number, budget: number) {
    this.#horizonUs = horizonUs;
    this.#budget = budget;
  }

  /** Starts a session whose first round is on its way; nothing if there is one of that id. */
  open(id: string, start: SessionStart): void {
    if (!this.#sessions.has(id)) this.#sessions.set(id, { rng: undefined, round: 0, ...start });
  }

  /** The follow-up to a request that ended at `atUs`, if there is one. */
  onFinished(request: Request, atUs: number): readonly Request[] {
    const id = request.sessionId;
    const session = id === "" ? undefined : this.#sessions.get(id);
    if (session === undefined) return NONE;
    const followUp = this.#followUp(session, request, atUs);
    if (followUp === undefined) return this.#end(id, session);
    return [followUp];
  }

  #end(id: string, { blueprint }: Session): readonly Request[] {
    if (blueprint.maxRounds === Infinity) this.#sessions.set(id, undefined);
    else this.#sessions.delete(id);
    return NONE;
  }

  #followUp(session: Session, last: Request, atUs: number): Request | undefined {
    const { blueprint } = session;
    if (last.state !== RequestState.COMPLETED) return undefined;
    if (session.round >= blueprint.maxRounds - 1 || this.#budget <= 0) return undefined;
    const arrivalUs = atUs + blueprint.thinkTimeUs;
    if (arrivalUs > this.#horizonUs) return undefined;
    const answer = Math.max(0, last.numComputedTokens - last.promptTokens);
    if (answer > last.outputTokens) return undefined;
    const draft = this.#drawRound(session, last, answer);
    session.round++;
    this.#budget--;
    this.#numFollowUps++;
    draft.name = `session_${last.sessionId}_round_${session.round}_${this.#numFollowUps}`;
    draft.sessionId = last.sessionId;
    draft.round = session.round;
    draft.arrivalUs = arrivalUs;
    draft.deadlineUs = arrivalUs + blueprint.timeoutUs;
    return new Request(draft);
  }

  /** Draws the content of the next round; the last one left `answer` tokens of output. */
  #drawRound(session: Session, last: Request, answer: number): Draft {
    const { blueprint, seed, content } = session;
    const rng = session.rng ??= new Random(seed);
    const draft = new Draft(blueprint.labels);
    draft.promptTokens = blueprint.input.next(rng);
    draft.outputTokens = blueprint.output.next(rng);
    if (!blueprint.accumulates) {
      drawContent(draft, rng, blueprint.prefix);
      draft.shared = blueprint.prefix.content;
      draft.sharedTokens = blueprint.prefix.tokens;
      return draft;
    }
    drawContent(draft, rng, extended(session.context, last, answer));
    session.context = promptOf(draft);
    draft.shared = content;
    draft.sharedTokens = contextTokens(draft);
    return draft;
  }
}

/** Tokens of prompt and answer that the next prompt repeats: all but the last token of the answer. */
export function contextTokens({ promptTokens, outputTokens }: Draft): number {
  return promptTokens + Math.max(outputTokens, 1) - 1;
}

/** The prompt of a draft, as a head of the next one. */
export function promptOf({ promptTokens: tokens, tokens: ids }: Draft): Head {
  return { tokens, ids: ids?.subarray(0, tokens) };
}

/** Two stretches of ids as one; undefined unless ids are kept. */
export function joined(
  a: Int32Array | undefined,
  b: Int32Array | undefined,
): Int32Array | undefined {
  if (a === undefined || b === undefined) return undefined;
  const all = new Int32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function extended(
  { tokens, ids }: Head,
  { promptTokens, tokens: all }: Request,
  answer: number,
): Head {
  const output = all?.subarray(promptTokens, promptTokens + answer);
  return { tokens: tokens + answer, ids: joined(ids, output) };
}
