import { type Distribution, distributionOf } from "../sim/distribution.ts";
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
  return groupLatencies(result, (row) => result.table.labelsOf(row).sloClass || "default");
}

/** Latencies and throughput per model, by name; requests that name none are left out. */
export function latenciesPerModel(
  result: RunResult,
  durationS: number,
): (GroupLatencies & { readonly requestsPerS: number; readonly tokensPerS: number })[] {
  const modelOf = (row: number) => result.table.labelsOf(row).model;
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
  const totals = outputTokens(result, (row) => result.table.labelsOf(row).tenantId);
  const tenants = sortedByName([...totals].map(([name, total]) => ({ name, ...total })));
  return { tenants, jain: jainIndex(tenants.map(({ tokens }) => tokens)) };
}

function groupLatencies(
  { table }: RunResult,
  nameOf: (row: number) => string,
): GroupLatencies[] {
  const groups = new Map<string, number[]>();
  for (let row = 0; row < table.length; row++) {
    if (table.isDropped(row) || Number.isNaN(table.ttftUs.data[row]!)) continue;
    const name = nameOf(row);
    if (name === "") continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return sortedByName([...groups].map(([name, rows]) => ({
    name,
    ttft: distributionOf(present(table.ttftUs.data, rows)),
    itl: distributionOf(present(table.itlUs.data, rows)),
    e2e: distributionOf(present(table.e2eUs.data, rows)),
  })));
}

function outputTokens({ table }: RunResult, nameOf: (row: number) => string) {
  const totals = new Map<string, { requests: number; tokens: number }>();
  for (let row = 0; row < table.length; row++) {
    const name = nameOf(row);
    if (name === "" || table.isDropped(row) || Number.isNaN(table.e2eUs.data[row]!)) continue;
    const total = totals.get(name) ?? { requests: 0, tokens: 0 };
    totals.set(name, total);
    total.requests++;
    total.tokens += table.outputTokens.data[row]!;
  }
  return totals;
}

/** Sorts by name in byte order. */
function sortedByName<T extends { readonly name: string }>(groups: T[]): T[] {
  return groups.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
