import type { ClientSpec, WindowSpec } from "./spec.ts";
import { overlap } from "./windows.ts";

/**
 * Share of the aggregate rate (requests/s) of each client, in requests per µs; 0 for clients
 * without a fraction. Clients share it with those that are active at some common time.
 */
export function ratesPerUs(clients: readonly ClientSpec[], aggregateRate: number): Float64Array {
  const totals = clients.some((client) => client.lifecycle !== undefined)
    ? totalsOfCompetitors(clients)
    : new Float64Array(clients.length).fill(totalFraction(clients));
  return Float64Array.from(clients, ({ rateFraction }, i) => {
    const total = totals[i]!;
    return rateFraction > 0 && total !== 0 ? aggregateRate * (rateFraction / total) / 1e6 : 0;
  });
}

function totalFraction(clients: readonly ClientSpec[]): number {
  let total = 0;
  for (const { rateFraction } of clients) total += rateFraction;
  return total;
}

type Windows = readonly WindowSpec[] | undefined;

/** For each client, the sum of the fractions of all clients whose windows meet its own. */
function totalsOfCompetitors(clients: readonly ClientSpec[]): Float64Array {
  // The members of a cohort share one list of windows, so there are few different ones.
  const lists = new Map<Windows, number>();
  const listOf = Int32Array.from(clients, ({ lifecycle }) => {
    const windows = lifecycle?.windows;
    if (!lists.has(windows)) lists.set(windows, lists.size);
    return lists.get(windows)!;
  });
  const distinct = [...lists.keys()];
  const totals = distinct.map((windows) => {
    const meets = distinct.map((other) => meet(windows, other));
    let total = 0;
    clients.forEach(({ rateFraction }, j) => {
      if (rateFraction > 0 && meets[listOf[j]!]!) total += rateFraction;
    });
    return total;
  });
  return Float64Array.from(listOf, (list) => totals[list]!);
}

function meet(a: Windows, b: Windows): boolean {
  if (a === undefined || b === undefined) return true;
  return a.some((window) => b.some((other) => overlap(window, other)));
}
