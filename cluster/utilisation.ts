import { rowsByInstance, type RunResult } from "./result.ts";

/**
 * Part of the run in which an instance had a request in a batch, in [0, 1]; the mean over the
 * instances. A request is in a batch from its last admission to its end; one that did not complete
 * leaves no trace, so the value is a lower bound where requests time out.
 */
export function utilisationOf({ table, instances }: RunResult): number {
  const endUs = Math.max(0, ...instances.map((instance) => instance.endUs));
  if (endUs === 0) return 0;
  let busyUs = 0;
  for (const rows of rowsByInstance(table, instances.length)) {
    const served = Array.from(rows, (row) => ({
      from: table.arrivalUs.data[row]! + table.schedulingDelayUs.data[row]!,
      to: table.arrivalUs.data[row]! + table.e2eUs.data[row]!,
    })).filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from || a.to - b.to);
    let coveredUs = 0;
    for (const { from, to } of served) {
      const endsUs = Math.min(to, endUs);
      busyUs += Math.max(0, endsUs - Math.max(from, coveredUs));
      coveredUs = Math.max(coveredUs, endsUs);
    }
  }
  return busyUs / endUs / instances.length;
}
