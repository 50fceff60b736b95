import { toInt } from "../sim/internal/float.ts";
import { nearest } from "../sim/internal/nearest.ts";
import { ratesTotal } from "./inference_perf.ts";
import type { ClientSpec, CohortSpec, DistributionSpec, WorkloadSpec } from "./spec.ts";
import { isTimeVarying } from "./time_varying.ts";

const LARGEST_GAMMA_CV = 10;
/** What a `version` may be; the older ones are upgraded. */
const VERSIONS = ["", "1", "2"];
/** What a `context_growth` may be; any other word counts as none too. */
const CONTEXT_GROWTHS = ["", "accumulate", "none"];

/** What a spec says without effect, or with another one than its words, one sentence each. */
export function warningsOf(spec: WorkloadSpec): string[] {
  const { version, clients, cohorts, inferencePerf, aggregateRate } = spec;
  const warnings: string[] = [];
  if (!VERSIONS.includes(version)) warnings.push(`version "${version}" is read as "2"`);
  if (isTimeVarying(clients) || cohorts.some(({ spike }) => spike?.traceRate !== undefined)) {
    for (const { id, lifecycle, concurrency } of clients) {
      if (lifecycle !== undefined || concurrency > 0) continue;
      warnings.push(
        `Client "${id}" sends nothing: others have windows with parameters of their own`,
      );
    }
  }
  for (const client of [...clients, ...cohorts]) warnings.push(...warningsOfClient(client));
  if (inferencePerf !== undefined && aggregateRate > 0) {
    const total = ratesTotal(inferencePerf);
    if (aggregateRate !== total) {
      warnings.push(`aggregate_rate ${aggregateRate} has no effect: the stages add up to ${total}`);
    }
  }
  return warnings;
}

function warningsOfClient(client: ClientSpec | CohortSpec): string[] {
  const { id, arrival, network, inputDistribution, outputDistribution } = client;
  const { process, cv = 0, shape, scale } = arrival;
  const warnings: string[] = [];
  const hasForm = shape !== undefined && scale !== undefined;
  if (process === "gamma" && !hasForm && cv > LARGEST_GAMMA_CV) {
    warnings.push(`"${id}" arrives as poisson: gamma takes a cv of at most ${LARGEST_GAMMA_CV}`);
  }
  if (network !== undefined) warnings.push(`network of "${id}" has no effect on a simulation`);
  if (inputDistribution.file !== "" || outputDistribution.file !== "") {
    warnings.push(`file of a distribution of "${id}" is not read`);
  }
  const { prefixGroup, prefixLength } = client;
  if (prefixGroup === "" && prefixLength > 0) {
    warnings.push(`prefix_length of "${id}" has no effect without a prefix_group`);
  }
  return [...warnings, ...warningsOfGrowth(client), ...warningsOfConstants(client)];
}

function warningsOfGrowth({ id, reasoning }: ClientSpec | CohortSpec): string[] {
  const word = reasoning?.multiTurn?.contextGrowth ?? "";
  if (CONTEXT_GROWTHS.includes(word)) return [];
  const similar = nearest(word, CONTEXT_GROWTHS);
  const guess = similar === undefined ? "only accumulate has" : `did you mean "${similar}"?`;
  return [`context_growth "${word}" of "${id}" has no effect: ${guess}`];
}

/** A constant length is at least 1, whatever the file says. */
function warningsOfConstants(client: ClientSpec | CohortSpec): string[] {
  const windows = "lifecycle" in client ? client.lifecycle?.windows ?? [] : [];
  const distributions: (DistributionSpec | undefined)[] = [
    ...[client, ...windows].flatMap((part) => [part.inputDistribution, part.outputDistribution]),
    ...Object.values(client.multimodal ?? {}),
  ];
  return distributions.flatMap((given) => {
    const { value = 1 } = given?.type === "constant" ? given.params : {};
    return toInt(value) < 1 ? [`Constant value ${value} of "${client.id}" counts as 1`] : [];
  });
}
