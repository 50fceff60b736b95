import { type Distribution, distributionOf } from "../sim/distribution.ts";
import type { RunResult } from "./result.ts";

/** How sessions fared; times in ms. */
export interface SessionTimes {
  readonly numSessions: number;
  /** TTFT of the first rounds and of the later ones. */
  readonly coldTtft: Distribution;
  readonly warmTtft: Distribution;
  /** From the arrival of the first round to the last completion. */
  readonly duration: Distribution;
}

/** Times of the sessions of a run, undefined if it has none. */
export function sessionTimes({ table }: RunResult): SessionTimes | undefined {
  const cold: number[] = [];
  const warm: number[] = [];
  const startsMs = new Map<number, number>();
  const endsMs = new Map<number, number>();
  const sessions = new Set<number>();
  for (let row = 0; row < table.length; row++) {
    const session = table.session.at(row);
    if (session < 0 || table.isDropped(row)) continue;
    sessions.add(session);
    const isFirst = table.round.at(row) === 0;
    const ttftUs = table.ttftUs.data[row]!;
    if (!Number.isNaN(ttftUs)) (isFirst ? cold : warm).push(ttftUs / 1000);
    const arrivalUs = table.arrivalUs.data[row]!;
    if (isFirst) startsMs.set(session, (arrivalUs / 1e6) * 1000);
    const endMs = (table.e2eUs.data[row]! + arrivalUs) / 1000;
    if (endMs > (endsMs.get(session) ?? 0)) endsMs.set(session, endMs);
  }
  if (sessions.size === 0) return undefined;
  const durations: number[] = [];
  for (const [session, startMs] of startsMs) {
    const duration = (endsMs.get(session) ?? 0) - startMs;
    if (duration > 0) durations.push(duration);
  }
  return {
    numSessions: sessions.size,
    coldTtft: distributionOf(Float64Array.from(cold)),
    warmTtft: distributionOf(Float64Array.from(warm)),
    duration: distributionOf(Float64Array.from(durations)),
  };
}
