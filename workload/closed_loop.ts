import { type BlockIds, SharedContent } from "../sim/shared_content.ts";
import { Random } from "../sim/internal/random.ts";
import { type ClientPlan, isClosedLoop } from "./client_plan.ts";
import type { Draft, Prefix } from "./draft.ts";
import { accumulates } from "./reasoning.ts";
import type { ClientSpec } from "./spec.ts";
import { type Blueprint, contextTokens, joined, promptOf, type Sessions } from "./sessions.ts";

const SEED_OFFSET = 7919n;

/** True if a client has sessions whose later rounds wait for answers. */
export function hasClosedSessions(client: ClientSpec): boolean {
  return client.reasoning?.multiTurn !== undefined && isClosedLoop(client);
}

/** What the sessions of one client id have in common, from the first of them on. */
interface Family {
  readonly blueprint: Blueprint;
  /** Prefix of the client that made the first session. */
  readonly prefix: Prefix;
}

/** Starts the sessions whose later rounds wait for answers. Sessions go to clients by client id. */
export class ClosedLoop {
  readonly #plans = new Map<string, ClientPlan>();
  readonly #families = new Map<string, Family>();
  readonly #seeds = new Map<string, number>();
  readonly #sessions: Sessions;
  readonly #ids: BlockIds;

  /**
   * `sessionIds`: by client id, all sessions whose first round is among the requests. Of clients
   * with the same id, the last one counts.
   */
  constructor(
    plans: readonly ClientPlan[],
    sessionIds: ReadonlyMap<string, readonly string[]>,
    common: { readonly seed: bigint; readonly sessions: Sessions; readonly ids: BlockIds },
  ) {
    this.#sessions = common.sessions;
    this.#ids = common.ids;
    const rng = new Random(BigInt.asIntN(64, common.seed + SEED_OFFSET));
    for (const plan of plans) {
      this.#plans.set(plan.spec.id, plan);
      const sorted = [...sessionIds.get(plan.spec.id) ?? []].sort((a, b) => a < b ? -1 : 1);
      for (const id of sorted) this.#seeds.set(id, rng.childSeed());
    }
  }

  /** True if a request is a later round, which the answer to the one before it will bring. */
  replaces({ round, session }: Draft): boolean {
    return round > 0 && session !== undefined &&
      (session.hasStarted || this.#seeds.has(session.id));
  }

  /** Starts the session of a first round. */
  start(draft: Draft): void {
    const { session } = draft;
    const seed = session && this.#seeds.get(session.id);
    if (session === undefined || seed === undefined) return;
    this.#seeds.delete(session.id);
    session.hasStarted = true;
    const { clientId } = draft.labels;
    let family = this.#families.get(clientId);
    const isFirst = family === undefined;
    if (family === undefined) {
      const blueprint = blueprintOf(this.#plans.get(clientId)!, draft, this.#ids);
      this.#families.set(clientId, family = { blueprint, prefix: session.prefix });
    }
    const { blueprint } = family;
    const { tokens } = blueprint.prefix;
    const keepsHead = isFirst || tokens === 0 ||
      (tokens <= draft.prefixTokens && family.prefix === session.prefix);
    const content = this.#shareContent(draft, blueprint, { isFirst, keepsHead });
    const context = keepsHead ? promptOf(draft) : replacedHead(draft, blueprint.prefix);
    this.#sessions.open(session.id, { blueprint, seed, context, content });
  }

  /** Lets the first round share what later ones repeat; returns the content of accumulating ones. */
  #shareContent(
    draft: Draft,
    { accumulates, prefix }: Blueprint,
    { isFirst, keepsHead }: { readonly isFirst: boolean; readonly keepsHead: boolean },
  ): SharedContent | undefined {
    const givesHead = isFirst && prefix.tokens > draft.prefixTokens;
    if (!accumulates) {
      if (givesHead) {
        draft.shared = prefix.content;
        draft.sharedTokens = prefix.tokens;
      }
      return undefined;
    }
    if (!keepsHead) return new SharedContent(this.#ids, prefix.content, prefix.tokens);
    draft.shared = givesHead
      ? prefix.content
      : new SharedContent(this.#ids, draft.session!.prefix.content, draft.prefixTokens);
    draft.sharedTokens = contextTokens(draft);
    return draft.shared;
  }
}

function blueprintOf(plan: ClientPlan, first: Draft, ids: BlockIds): Blueprint {
  const { reasoning } = plan.spec;
  const multiTurn = reasoning!.multiTurn!;
  return {
    maxRounds: multiTurn.maxRounds,
    accumulates: accumulates(multiTurn),
    thinkTimeUs: multiTurn.thinkTimeUs,
    timeoutUs: plan.sessionTimeoutUs,
    input: plan.input,
    output: plan.output,
    labels: plan.roundLabels,
    prefix: followUpPrefix(plan, first, ids),
  };
}

/**
 * What the follow-ups of a client begin with: as many tokens of the first prompt of all as its own
 * prefix_length says, whatever the prefix of its group is. So a client that leaves the length to
 * the default loses its prefix, and one that states more than its group has repeats a part of that
 * first prompt.
 */
function followUpPrefix({ spec }: ClientPlan, first: Draft, ids: BlockIds): Prefix {
  const { prefix } = first.session!;
  const wanted = spec.prefixGroup === "" ? 0 : spec.prefixLength;
  const tokens = wanted <= first.promptTokens ? wanted : 0;
  const content = tokens <= prefix.tokens
    ? prefix.content
    : new SharedContent(ids, prefix.content, prefix.tokens);
  return { tokens, ids: first.tokens?.slice(0, tokens), content };
}

/** A prompt whose first tokens are exchanged for `prefix`; all of it follows if it is shorter. */
function replacedHead(
  draft: Draft,
  prefix: Prefix,
): { tokens: number; ids: Int32Array | undefined } {
  const from = draft.promptTokens >= prefix.tokens ? prefix.tokens : 0;
  const rest = draft.tokens?.subarray(from, draft.promptTokens);
  return {
    tokens: prefix.tokens + draft.promptTokens - from,
    ids: joined(prefix.ids, rest),
  };
}
