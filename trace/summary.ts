import type { DecisionRecord } from "./records.ts";

/** Decisions of a run, counted as they are made: no record is kept. */
export class TraceSummary {
  numAdmitted = 0;
  numRejected = 0;
  numRouted = 0;
  maxRegret = 0;
  /** Requests by instance. */
  readonly targets = new Map<string, number>();
  #regretSum = 0;

  get meanRegret(): number {
    return this.numRouted === 0 ? 0 : this.#regretSum / this.numRouted;
  }

  /** `countsRegret`: whether alternatives were asked for. */
  add(record: DecisionRecord, countsRegret = true): void {
    if (record.kind === "admission") {
      if (record.admitted) this.numAdmitted++;
      else this.numRejected++;
      return;
    }
    this.numRouted++;
    if (countsRegret) {
      this.#regretSum += record.regret;
      this.maxRegret = Math.max(this.maxRegret, record.regret);
    }
    this.targets.set(record.instance, (this.targets.get(record.instance) ?? 0) + 1);
  }
}
