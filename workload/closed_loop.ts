import { type BlockIds, SharedContent } from "../sim/shared_content.ts";
import { Random } from "../sim/internal/random.ts";
import { type ClientPlan, isClosedLoop } from "./client_plan.ts";
import type { Draft, Head, Prefix } from "./draft.ts";
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
  /** What begins with the prefix of the blueprint and then that of a group. */
  readonly repeated: Map<Prefix, SharedContent>;
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
      family = { blueprint, prefix: session.prefix, repeated: new Map() };
      this.#families.set(clientId, family);
    }
    const { blueprint } = family;
    const { tokens } = blueprint.prefix;
    const keepsHead = isFirst || tokens === 0 ||
      (tokens <= draft.prefixTokens && family.prefix === session.prefix);
    const content = keepsHead
      ? this.#keptContent(draft, blueprint, isFirst)
      : this.#replacedContent(draft, family);
    const context = keepsHead ? promptOf(draft) : replacedHead(draft, blueprint.prefix);
    this.#sessions.open(session.id, { blueprint, seed, context, content });
  }

  /** Lets a first round share what later ones repeat; returns the content of accumulating ones. */
  #keptContent(
    draft: Draft,
    { accumulates, prefix }: Blueprint,
    isFirst: boolean,
  ): SharedContent | undefined {
    const group = draft.session!.prefix;
    const givesHead = isFirst && prefix.tokens > group.tokens;
    draft.shared = givesHead ? prefix.content : group.content;
    draft.sharedTokens = givesHead ? prefix.tokens : group.tokens;
    if (!accumulates) return undefined;
    if (!givesHead) draft.shared = new SharedContent(this.#ids, group.content, group.tokens);
    draft.sharedTokens = contextTokens(draft);
    return draft.shared;
  }

  /** The content of later rounds that begin otherwise than the first one, if they accumulate. */
  #replacedContent(draft: Draft, { blueprint, repeated }: Family): SharedContent | undefined {
    const group = draft.session!.prefix;
    draft.shared = group.content;
    draft.sharedTokens = group.tokens;
    const { accumulates, prefix } = blueprint;
    if (!accumulates) return undefined;
    const common = prefix.tokens + Math.max(0, group.tokens - replacedTokens(draft, prefix));
    let parent = repeated.get(group);
    if (parent === undefined) {
      parent = new SharedContent(this.#ids, prefix.content, prefix.tokens);
      repeated.set(group, parent);
    }
    return new SharedContent(this.#ids, parent, common);
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

/** A prompt whose first tokens are replaced by `prefix`. */
function replacedHead(draft: Draft, prefix: Prefix): Head {
  const from = replacedTokens(draft, prefix);
  const rest = draft.tokens?.subarray(from, draft.promptTokens);
  return {
    tokens: prefix.tokens + draft.promptTokens - from,
    ids: joined(prefix.ids, rest),
  };
}

/** How many first tokens of a prompt a prefix replaces: none of a shorter one, which follows whole. */
function replacedTokens({ promptTokens }: Draft, prefix: Prefix): number {
  return promptTokens >= prefix.tokens ? prefix.tokens : 0;
}
