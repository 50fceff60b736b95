import { Random } from "../sim/internal/random.ts";
import { poisson } from "./arrivals/poisson.ts";
import { spread } from "./arrivals/spread.ts";
import type { Arrivals } from "./arrivals/mod.ts";
import { plainClient } from "./plain_client.ts";
import type { ClientSpec, DistributionSpec, InferencePerfSpec, WorkloadSpec } from "./spec.ts";

type InferencePerfClient = ClientSpec & { readonly ownArrivals?: (seed: number) => Arrivals };

/** The clients of one stage: every user of every system prompt. */
interface Stage {
  /** Before `prompt-P-user-U` in the ids. */
  readonly idPrefix: string;
  readonly ratePerSecond: number;
  readonly durationUs: number;
  readonly rateFraction: number;
  /** When its clients are active; undefined if there is no other stage. */
  readonly lifecycle: ClientSpec["lifecycle"];
}

/**
 * The load that an inference_perf block describes: users of a few system prompts that share the
 * rate of a stage evenly. Source: inference-perf, shared-prefix workload.
 */
export function inferencePerfLoad(
  spec: InferencePerfSpec,
): { readonly clients: readonly InferencePerfClient[]; readonly aggregateRate: number } {
  const clients = stagesOf(spec).flatMap((stage) => stageClients(spec, stage));
  return { clients, aggregateRate: ratesTotal(spec) };
}

/** Sum of the rates of all stages in requests/s. */
export function ratesTotal({ stages }: InferencePerfSpec): number {
  let total = 0;
  for (const { rate } of stages) total += rate;
  return total;
}

/** The spec that states the same load, as far as a spec can. */
export function inferencePerfToSpec(spec: WorkloadSpec, block: InferencePerfSpec): WorkloadSpec {
  const { clients, aggregateRate } = inferencePerfLoad(block);
  const isMultiTurn = block.sharedPrefix.enableMultiTurnChat;
  return {
    version: "2",
    seed: spec.seed,
    category: isMultiTurn ? "reasoning" : "language",
    clients: clients.map(({ ownArrivals: _, ...client }) => client),
    cohorts: [],
    aggregateRate,
    horizonUs: 0,
    numRequests: 0,
  };
}

function stagesOf({ stages, sharedPrefix }: InferencePerfSpec): Stage[] {
  const numClients = sharedPrefix.numUniqueSystemPrompts * sharedPrefix.numUsersPerSystemPrompt;
  let startUs = 0;
  return stages.map(({ rate: ratePerSecond, durationSeconds }, s) => {
    const durationUs = durationSeconds * 1e6;
    const window = { startUs, endUs: startUs += durationUs };
    return stages.length === 1
      ? {
        idPrefix: "",
        ratePerSecond,
        durationUs,
        rateFraction: 1 / numClients,
        lifecycle: undefined,
      }
      : {
        idPrefix: `stage-${s}-`,
        ratePerSecond,
        durationUs,
        rateFraction: 1,
        lifecycle: { windows: [window] },
      };
  });
}

function stageClients({ sharedPrefix }: InferencePerfSpec, stage: Stage): InferencePerfClient[] {
  const { numUniqueSystemPrompts, numUsersPerSystemPrompt, enableMultiTurnChat } = sharedPrefix;
  const numClients = numUniqueSystemPrompts * numUsersPerSystemPrompt;
  const numRequests = Math.trunc(stage.ratePerSecond * (stage.durationUs / 1e6));
  const inputDistribution = constantLength(sharedPrefix.questionLen);
  const outputDistribution = constantLength(sharedPrefix.outputLen);
  const thinkTimeUs = Math.trunc((numClients / stage.ratePerSecond) * 1e6);
  return Array.from({ length: numClients }, (_, c) => {
    const group = `prompt-${Math.floor(c / numUsersPerSystemPrompt)}`;
    const share = Math.floor(numRequests / numClients) + (c < numRequests % numClients ? 1 : 0);
    return {
      ...plainClient,
      id: `${stage.idPrefix}${group}-user-${c % numUsersPerSystemPrompt}`,
      tenantId: group,
      sloClass: "standard",
      rateFraction: stage.rateFraction,
      arrival: { process: "poisson" },
      inputDistribution,
      outputDistribution,
      prefixGroup: group,
      prefixLength: sharedPrefix.systemPromptLen,
      ...(stage.lifecycle && { lifecycle: stage.lifecycle }),
      ...(enableMultiTurnChat && { reasoning: chat(share, thinkTimeUs) }),
      ...ownArrivals(stage, { share, numClients, isMultiTurn: enableMultiTurnChat }),
    };
  });
}

/**
 * One stage sends exactly its number of requests; in several stages the rate of a client is that of
 * its stage, whatever the others do. Sessions of a single stage come at the rate of the spec.
 */
function ownArrivals(
  { lifecycle, ratePerSecond, durationUs }: Stage,
  client: { readonly share: number; readonly numClients: number; readonly isMultiTurn: boolean },
): Pick<InferencePerfClient, "ownArrivals"> {
  if (lifecycle !== undefined) {
    const ratePerUs = (ratePerSecond / client.numClients) / 1e6;
    return { ownArrivals: () => poisson.create({}, ratePerUs) };
  }
  if (client.isMultiTurn) return {};
  return { ownArrivals: (seed) => spread(client.share, durationUs, () => new Random(seed)) };
}

function constantLength(value: number): DistributionSpec {
  return { type: "constant", params: { value }, file: "" };
}

function chat(maxRounds: number, thinkTimeUs: number): NonNullable<ClientSpec["reasoning"]> {
  return {
    reasonRatioDistribution: constantLength(0),
    multiTurn: { maxRounds, thinkTimeUs, contextGrowth: "", singleSession: true },
  };
}
