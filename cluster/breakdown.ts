import { type Distribution, distributionOf } from "../sim/distribution.ts";
import type { RequestTable } from "../sim/metrics.ts";
import type { RequestLabels } from "../sim/request.ts";
import { jainIndex } from "../sim/slo.ts";
import { present, type RunResult } from "./result.ts";

/** Latencies in µs of the requests of one group. */
export interface GroupLatencies {
  readonly name: string;
  readonly ttft: Distribution;
  /** Mean inter-token latency of each request, not of single tokens. */
  readonly itl: Distribution;
  readonly e2e: Distribution;
}

/** Latencies per SLO class, by name; an empty class is `default`. Empty if all requests are of one class. */
export function latenciesPerClass(result: RunResult): GroupLatencies[] {
  const classes = new Set(result.table.labels.map(({ sloClass }) => sloClass || "default"));
  if (classes.size < 2) return [];
  return groupLatencies(result, ({ sloClass }) => sloClass || "default");
}

/** Latencies and throughput per model, by name; requests that name none are left out. */
export function latenciesPerModel(
  result: RunResult,
  durationS: number,
): (GroupLatencies & { readonly requestsPerS: number; readonly tokensPerS: number })[] {
  const modelOf = ({ model }: RequestLabels) => model;
  const tokens = outputTokens(result, modelOf);
  return groupLatencies(result, modelOf).map((group) => ({
    ...group,
    requestsPerS: group.e2e.count / durationS,
    tokensPerS: (tokens.get(group.name)?.tokens ?? 0) / durationS,
  }));
}

/** Completed requests and their output tokens per tenant, by name, and how fair that is. */
export function tenantShares(result: RunResult): {
  readonly tenants: { readonly name: string; readonly requests: number; readonly tokens: number }[];
  readonly jain: number;
} {
  const totals = outputTokens(result, ({ tenantId }) => tenantId);
  const tenants = sortedByName([...totals].map(([name, total]) => ({ name, ...total })));
  return { tenants, jain: jainIndex(tenants.map(({ tokens }) => tokens)) };
}

function groupLatencies(
  { table }: RunResult,
  nameOf: (labels: RequestLabels) => string,
): GroupLatencies[] {
  if (!hasNames(table, nameOf)) return [];
  const groups = new Map<string, number[]>();
  for (let row = 0; row < table.length; row++) {
    if (table.isDropped(row) || Number.isNaN(table.ttftUs.data[row]!)) continue;
    const name = nameOf(table.labelsOf(row));
    if (name === "") continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return sortedByName([...groups].map(([name, rows]) => ({
    name,
    ttft: distributionOf(present(table.ttftUs, rows)),
    itl: distributionOf(present(table.itlUs, rows)),
    e2e: distributionOf(present(table.e2eUs, rows)),
  })));
}

function outputTokens({ table }: RunResult, nameOf: (labels: RequestLabels) => string) {
  const totals = new Map<string, { requests: number; tokens: number }>();
  if (!hasNames(table, nameOf)) return totals;
  for (let row = 0; row < table.length; row++) {
    const name = nameOf(table.labelsOf(row));
    if (name === "" || table.isDropped(row) || Number.isNaN(table.e2eUs.data[row]!)) continue;
    const total = totals.get(name) ?? { requests: 0, tokens: 0 };
    totals.set(name, total);
    total.requests++;
    total.tokens += table.outputTokens.data[row]!;
  }
  return totals;
}

/** False where no request has a name, as in most runs: then none need be looked at. */
function hasNames({ labels }: RequestTable, nameOf: (labels: RequestLabels) => string): boolean {
  return labels.some((label) => nameOf(label) !== "");
}

/** Sorts by name in byte order. */
function sortedByName<T extends { readonly name: string }>(groups: T[]): T[] {
  return groups.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
