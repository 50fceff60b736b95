import { ConfigError } from "../sim/internal/errors.ts";
import { Random } from "../sim/internal/random.ts";
import { createArrivals } from "./arrivals/mod.ts";
import type { ClientPlan, Planner } from "./client_plan.ts";
import { arrivalTimes, singleRequests } from "./clients.ts";
import type { Draft } from "./draft.ts";
import type { Load, LoadClient } from "./expand.ts";
import type { DraftSource } from "./merge.ts";
import { Multimodal } from "./multimodal.ts";
import { Pending } from "./pending.ts";
import { ratesPerUs } from "./rates.ts";
import { SessionMaker } from "./reasoning.ts";
import { isTimeVarying, WindowRates, windowRequests } from "./time_varying.ts";

/** The requests of one client that has a rate. */
export interface Stream extends DraftSource {
  readonly clientId: string;
}

/**
 * The streams of a load, in the order of its clients. Each draws from a random stream of its own,
 * whose seed comes from `rng`; clients without a rate take none.
 */
export function streamsOf(load: Load, planner: Planner, rng: Random): Stream[] {
  return isTimeVarying(load.clients)
    ? timeVaryingStreams(load, planner, rng)
    : steadyStreams(load, planner, rng);
}

function steadyStreams({ clients, aggregateRate }: Load, planner: Planner, rng: Random): Stream[] {
  const rates = ratesPerUs(clients, aggregateRate);
  const streams: Stream[] = [];
  clients.forEach((client, i) => {
    if (rates[i]! <= 0) return;
    assertEnds(client, planner);
    const plan = planner.plan(client);
    const seed = rng.childSeed();
    const start = () => steadyRequests(plan, planner, { ratePerUs: rates[i]!, seed });
    streams.push({ clientId: client.id, start });
  });
  return streams;
}

function timeVaryingStreams(
  { clients, aggregateRate }: Load,
  planner: Planner,
  rng: Random,
): Stream[] {
  const rates = new WindowRates(clients, aggregateRate);
  return clients.filter((client) => client.lifecycle !== undefined).map((client) => {
    const plan = planner.plan(client);
    const seed = rng.childSeed();
    const start = () => windowRequests(plan, planner, { rates, seed });
    return { clientId: client.id, start };
  });
}

function steadyRequests(
  plan: ClientPlan,
  planner: Planner,
  { ratePerUs, seed }: { readonly ratePerUs: number; readonly seed: number },
): Generator<Draft, void, void> {
  const rng = new Random(seed);
  const { arrival, ownArrivals, reasoning, multimodal }: LoadClient = plan.spec;
  const arrivals = ownArrivals === undefined
    ? createArrivals(arrival, ratePerUs)
    : ownArrivals(rng.childSeed());
  const timing = { arrivals, horizonUs: planner.options.horizonUs };
  if (reasoning?.multiTurn !== undefined) {
    const pending = new Pending();
    return pending.inOrder(new SessionMaker(plan, planner, pending).steps(timing, rng));
  }
  const modalities = multimodal && new Multimodal(multimodal, planner);
  return singleRequests(plan, rng, { times: arrivalTimes(plan, timing, rng), modalities });
}

function assertEnds(client: LoadClient, { options }: Planner): void {
  if (options.maxRequests > 0 || options.horizonUs < Infinity) return;
  const { lifecycle, ownArrivals, reasoning } = client;
  const endUs = Math.max(...(lifecycle?.windows ?? []).map((window) => window.endUs));
  if (lifecycle !== undefined && endUs <= Number.MAX_SAFE_INTEGER) return;
  if (lifecycle === undefined && ownArrivals !== undefined) return;
  if (reasoning?.multiTurn?.singleSession) return;
  throw new ConfigError(`The requests of client "${client.id}" have no end`, {
    hint: "give num_requests or a horizon",
  });
}
