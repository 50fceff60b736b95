import { ConfigError } from "../sim/internal/errors.ts";
import { Random } from "../sim/internal/random.ts";
import type { ClientPlan } from "./client_plan.ts";
import { Draft, drawContent } from "./draft.ts";
import type { DraftSource } from "./merge.ts";
import type { Blueprint, Sessions } from "./sessions.ts";

const SEED_OFFSET = 10007n;
const MAX_USERS = 10_000_000;

/** The virtual users of one client. */
interface Users {
  readonly plan: ClientPlan;
  readonly blueprint: Blueprint;
  /** Seeds of each user: of the first request, then of the session. */
  readonly seeds: Float64Array;
}

/** Clients of virtual users: each sends a request, waits for the answer, thinks and sends the next. */
export class VirtualUsers {
  /** First requests that there will be. */
  readonly count: number;
  readonly #clients: readonly Users[];

  /** `most`: how many users there may be in all; those of later clients are left out. */
  constructor(plans: readonly ClientPlan[], workloadSeed: bigint, most: number) {
    const rng = new Random(BigInt.asIntN(64, workloadSeed + SEED_OFFSET));
    const clients: Users[] = [];
    let count = 0;
    for (const plan of plans) {
      const numUsers = Math.min(plan.spec.concurrency, Math.max(0, most - count));
      count += numUsers;
      if (count > MAX_USERS) throw tooMany(count);
      const seeds = Float64Array.from({ length: 2 * numUsers }, () => rng.childSeed());
      clients.push({ plan, blueprint: userBlueprint(plan), seeds });
    }
    this.#clients = clients;
    this.count = count;
  }

  /** The first requests of the users, client by client; making them opens their sessions. */
  sources(sessions: Sessions): DraftSource[] {
    return this.#clients.map((users) => ({ start: () => this.#firstRequests(users, sessions) }));
  }

  *#firstRequests({ plan, seeds }: Users, sessions: Sessions): Generator<Draft, void, void> {
    const { id, concurrency, thinkTimeUs } = plan.spec;
    const sameId = this.#clients.filter((users) => users.plan.spec.id === id);
    const draft = new Draft(plan.labels);
    draft.prefixTokens = draft.sharedTokens = plan.prefix.tokens;
    draft.shared = plan.prefix.content;
    for (let user = 0; 2 * user < seeds.length; user++) {
      const rng = new Random(seeds[2 * user]!);
      draft.arrivalUs = staggeredUs(user, concurrency, thinkTimeUs);
      draft.deadlineUs = draft.arrivalUs + plan.sessionTimeoutUs;
      draft.sessionId = `concurrency_${id}_user_${user}`;
      draft.promptTokens = plan.input.next(rng);
      draft.outputTokens = plan.output.next(rng);
      drawContent(draft, rng, plan.prefix);
      // Of clients with the same id, the last one rules what all their users do next.
      const owner = sameId.findLast((users) => users.seeds.length > 2 * user)!;
      sessions.open(draft.sessionId, {
        blueprint: owner.blueprint,
        seed: owner.seeds[2 * user + 1]!,
        context: plan.prefix,
        content: undefined,
      });
      yield draft;
    }
  }
}

function userBlueprint(plan: ClientPlan): Blueprint {
  return {
    maxRounds: Infinity,
    accumulates: false,
    thinkTimeUs: plan.spec.thinkTimeUs,
    timeoutUs: plan.sessionTimeoutUs,
    input: plan.input,
    output: plan.output,
    labels: plan.roundLabels,
    prefix: plan.prefix,
  };
}

/** Users start evenly spread over one think time, so that they do not all ask at once. */
function staggeredUs(user: number, numUsers: number, thinkTimeUs: number): number {
  return numUsers > 1 ? Math.floor(user * thinkTimeUs / numUsers) : 0;
}

function tooMany(count: number): ConfigError {
  return new ConfigError(`Cannot simulate ${count} virtual users: the most is ${MAX_USERS}`);
}
