import { ratesTotal } from "./inference_perf.ts";
import type { ClientSpec, CohortSpec, WorkloadSpec } from "./spec.ts";
import { isTimeVarying } from "./time_varying.ts";

const LARGEST_GAMMA_CV = 10;

/** What a spec says without effect, one sentence each. */
export function warningsOf(spec: WorkloadSpec): string[] {
  const { clients, cohorts, inferencePerf, aggregateRate } = spec;
  const warnings: string[] = [];
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
  return warnings;
}
