/** An admission decision; `clockUs` is the time at which it was made. */
export interface AdmissionRecord {
  readonly kind: "admission";
  readonly requestId: string;
  readonly clockUs: number;
  readonly admitted: boolean;
  readonly reason: string;
}

/** An instance that a routing decision could have chosen, as the policy saw it. */
export interface Candidate {
  readonly instance: string;
  readonly score: number;
  readonly queueDepth: number;
  readonly batchSize: number;
  readonly inFlight: number;
  readonly kvUtilization: number;
  readonly freeKvBlocks: number;
}

/** A routing decision. */
export interface RoutingRecord {
  readonly kind: "routing";
  readonly requestId: string;
  readonly clockUs: number;
  readonly instance: string;
  readonly reason: string;
  /** Score of each instance, undefined where the policy has no scores. */
  readonly scores: Readonly<Record<string, number>> | undefined;
  /** The best candidates, best first; empty unless they were asked for. */
  readonly candidates: readonly Candidate[];
  /** Score of the best candidate − score of the chosen instance, at least 0. */
  readonly regret: number;
}

export type DecisionRecord = AdmissionRecord | RoutingRecord;
