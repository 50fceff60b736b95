import { Request } from "../sim/request.ts";
import type { RequestSource } from "../sim/request_source.ts";
import { Random, streamSeed } from "../sim/internal/random.ts";
import { type ClientPlan, type GenerateOptions, Planner } from "./client_plan.ts";
import { ClosedLoop, hasClosedSessions } from "./closed_loop.ts";
import { loadOf } from "./expand.ts";
import { Merge } from "./merge.ts";
import { Sessions } from "./sessions.ts";
import type { ClientSpec, WorkloadSpec } from "./spec.ts";
import { type Stream, streamsOf } from "./streams.ts";
import { VirtualUsers } from "./virtual_users.ts";

export type { GenerateOptions };

/**
 * The requests of a workload, made one by one as they are asked for: a function of the spec and the
 * options, so the same inputs give the same requests. Throws a ConfigError for a workload without
 * an end, and later for a request that is too long.
 */
export function generate(spec: WorkloadSpec, options: GenerateOptions): Workload {
  const load = loadOf(spec);
  const rng = new Random(streamSeed(spec.seed, "workload-gen"));
  const planner = new Planner(load.clients, rng, options);
  const streams = options.horizonUs > 0 ? streamsOf(load, planner, rng) : [];
  const plansOf = (wanted: (client: ClientSpec) => boolean) =>
    load.clients.filter(wanted).map((client) => planner.plan(client));
  return new Workload(spec.seed, options, {
    streams,
    closed: plansOf(hasClosedSessions),
    concurrent: plansOf((client) => client.concurrency > 0),
  });
}

/** How the clients of a workload make their requests. */
interface Clients {
  readonly streams: readonly Stream[];
  /** Those with sessions whose later rounds wait for answers. */
  readonly closed: readonly ClientPlan[];
  /** Those of virtual users. */
  readonly concurrent: readonly ClientPlan[];
}

/** The requests of a workload by arrival, and the follow-ups that answers bring. */
export class Workload implements RequestSource {
  /** The most follow-ups; Infinity = no limit. */
  readonly followUpBudget: number;
  /** Undefined if nothing waits for an answer. */
  readonly onFinished?: NonNullable<RequestSource["onFinished"]>;
  readonly #kept: Merge;
  readonly #users: Merge;
  readonly #closed: ClosedLoop | undefined;
  #numMade = 0;

  constructor(seed: bigint, options: GenerateOptions, clients: Clients) {
    const { streams, closed, concurrent } = clients;
    const { maxRequests, horizonUs, ids } = options;
    const most = maxRequests > 0 ? maxRequests : Infinity;
    const { numKept, sessionIds } = survey(clients, most);
    const users = new VirtualUsers(concurrent, seed, most - numKept);
    this.followUpBudget = concurrent.length > 0
      ? Math.max(0, most - numKept - users.count)
      : Infinity;
    const sessions = new Sessions(horizonUs, this.followUpBudget);
    if (closed.length > 0) {
      this.#closed = new ClosedLoop(closed, sessionIds, { seed, sessions, ids });
    }
    if (closed.length + concurrent.length > 0) {
      this.onFinished = (request, atUs) => sessions.onFinished(request, atUs);
    }
    this.#kept = new Merge(streams, most);
    this.#users = new Merge(users.sources(sessions));
  }

  next(): Request | undefined {
    for (;;) {
      const keptUs = this.#kept.nextUs;
      const usersUs = this.#users.nextUs;
      if (keptUs === Infinity && usersUs === Infinity) return undefined;
      const draft = keptUs <= usersUs ? this.#kept.take() : this.#users.take();
      if (this.#closed !== undefined) {
        if (this.#closed.replaces(draft)) continue;
        this.#closed.start(draft);
      }
      draft.number = this.#numMade++;
      return new Request(draft);
    }
  }
}

/** What has to be known of the requests before the first one is given away. */
interface Survey {
  readonly numKept: number;
  /** By client id, the sessions of closed-loop clients whose first round is kept. */
  readonly sessionIds: ReadonlyMap<string, readonly string[]>;
}

/**
 * Makes all requests once, without keeping them, where the follow-ups depend on them: the seeds of
 * sessions go by the order of their ids, and virtual users by how many requests there are beside
 * theirs.
 */
function survey({ streams, closed, concurrent }: Clients, most: number): Survey {
  const sessionIds = new Map<string, string[]>(closed.map(({ spec }) => [spec.id, []]));
  const countsAll = most < Infinity;
  if (closed.length === 0 && !(countsAll && concurrent.length > 0)) {
    return { numKept: 0, sessionIds };
  }
  const relevant = streams.filter(({ clientId }) => countsAll || sessionIds.has(clientId));
  const merge = new Merge(relevant, most);
  let numKept = 0;
  for (; merge.nextUs < Infinity; numKept++) {
    const { labels, round, session } = merge.take();
    if (round === 0 && session !== undefined) sessionIds.get(labels.clientId)?.push(session.id);
  }
  return { numKept, sessionIds };
}
