import { type KvBudget, smallestTp } from "../../latency/mod.ts";
import type { HardwareConfig } from "../../sim/hardware.ts";
import type { ModelConfig } from "../../sim/model.ts";

/** The fewest GPUs of each kind that hold a model and one KV block; 0 = no number of them does. */
export function smallestTps(
  model: ModelConfig,
  budget: KvBudget,
  gpus: ReadonlyMap<string, HardwareConfig>,
): ReadonlyMap<string, number> {
  const tps = [...gpus].map(([name, hardware]): [string, number] => [
    name,
    hardware.memoryGiB > 0 ? smallestTp(model, { ...budget, hardware }) : 0,
  ]);
  return new Map(tps);
}

/** What to do about a model that does not fit: a larger tp, or one of `others`, the fewest first. */
export function placementHint(
  model: ModelConfig,
  budget: KvBudget,
  others: ReadonlyMap<string, HardwareConfig>,
): string {
  const namesByTp = new Map<number, string[]>();
  for (const [name, tp] of smallestTps(model, budget, others)) {
    if (tp > 0) namesByTp.set(tp, [...namesByTp.get(tp) ?? [], name]);
  }
  const tp = smallestTp(model, budget);
  const placements = [...namesByTp].sort(([a], [b]) => a - b)
    .map(([tp, names]) => `${tp} x ${names.join(" or ")}`);
  const steps = [
    ...(tp > 0 ? [`use --tp ${tp}`] : []),
    ...(placements.length > 0 ? [`other GPUs that hold it: ${placements.join(", ")}`] : []),
  ];
  return steps.length > 0 ? steps.join("; ") : "no number of the GPUs in the table holds it";
}
