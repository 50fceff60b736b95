import { type Request, RequestState } from "../../sim/request.ts";
import { type BlockIds, SharedContent } from "../../sim/shared_content.ts";
import { Random } from "../../sim/internal/random.ts";
import type { Draft } from "../draft.ts";
import { RecordedRounds, sessionRows } from "./recorded_sessions.ts";
import type { RecordedTrace } from "./recorded_trace.ts";
import { contextTokens, promptOf, Sessions } from "../sessions.ts";
import type { SharedPrefixes } from "./shared_prefixes.ts";

/** How sessions go on that wait for answers. */
export interface ClosedLoopOptions {
  /** Pause between rounds in µs; 0 = as recorded. */
  readonly thinkTimeUs: number;
  /** True if a prompt repeats all that went before it. */
  readonly accumulates: boolean;
}

/** What replayed sessions share with the other requests. */
export interface ReplayParts {
  readonly ids: BlockIds;
  /** Stream from which each session draws the seed of its own. */
  readonly rng: Random;
  readonly prefixes: SharedPrefixes;
}

/** A session whose first round has not been injected. */
interface RecordedSession {
  readonly blueprint: RecordedRounds;
  readonly seed: number;
  /** Undefined until it has drawn something. */
  rng: Random | undefined;
}

/** The sessions of a trace in which an answer brings the next round. */
export class ReplaySessions {
  /** Later rounds that an answer brought, and those that would have come after the horizon. */
  numFollowUps = 0;
  numCutRounds = 0;
  /** Those that never come, since an earlier round of their session failed. */
  numLostRounds = 0;
  /** Sessions of which the first rounds are not in the trace. */
  numLate = 0;
  readonly #ids: BlockIds;
  /** By the row of the round that begins it. */
  readonly #recorded = new Map<number, RecordedSession>();
  readonly #lastRounds = new Map<string, number>();
  #sessions = new Sessions(Infinity, Infinity);

  constructor(trace: RecordedTrace, options: ClosedLoopOptions, parts: ReplayParts) {
    this.#ids = parts.ids;
    for (const rows of sessionRows(trace)) {
      const first = rows[0]!;
      const setting = { ...options, prefix: parts.prefixes.of(first) };
      const blueprint = new RecordedRounds(trace, rows, setting);
      if (trace.round.data[first]! > 0) this.numLate++;
      this.#recorded.set(first, { blueprint, seed: parts.rng.childSeed(), rng: undefined });
    }
  }

  /** Rows of the rounds that begin a session, in the order of the trace. */
  get firstRows(): readonly number[] {
    return [...this.#recorded.keys()];
  }

  /** No round arrives after `horizonUs`; to be set before the first session starts. */
  set horizonUs(us: number) {
    this.#sessions = new Sessions(us, Infinity);
  }

  /** The stream of the session that a row begins, undefined if it begins none. */
  streamOf(row: number): Random | undefined {
    const session = this.#recorded.get(row);
    return session && (session.rng ??= new Random(session.seed));
  }

  /** Starts the session that a row begins, if it begins one. */
  start(row: number, draft: Draft): void {
    const session = this.#recorded.get(row);
    if (session === undefined) return;
    const { accumulates, prefix, maxRounds } = session.blueprint;
    if (accumulates) {
      draft.shared = new SharedContent(this.#ids, prefix.content, prefix.tokens);
      draft.sharedTokens = contextTokens(draft);
    }
    const { sessionId, round, shared: content } = draft;
    this.#sessions.open(sessionId, { ...session, round, context: promptOf(draft), content });
    this.#lastRounds.set(sessionId, maxRounds - 1);
  }

  /** The round that follows a request that ended at `atUs`, if there is one. */
  onFinished(request: Request, atUs: number): readonly Request[] {
    const followUps = this.#sessions.onFinished(request, atUs);
    this.numFollowUps += followUps.length;
    if (followUps.length > 0) return followUps;
    const numRounds = (this.#lastRounds.get(request.sessionId) ?? request.round) - request.round;
    if (request.state === RequestState.COMPLETED) this.numCutRounds += numRounds;
    else this.numLostRounds += numRounds;
    return followUps;
  }
}
