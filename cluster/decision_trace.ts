import type { Admission } from "../sim/admission/admission.ts";
import type { Request } from "../sim/request.ts";
import type { RouterView, Signal } from "../sim/router_view.ts";
import type { RoutingPolicy } from "../sim/routing/routing.ts";
import type { Candidate, DecisionRecord } from "../trace/records.ts";
import { TraceSummary } from "../trace/summary.ts";

/** Takes each decision as it is made. */
export type DecisionSink = (record: DecisionRecord) => void;

/** Records the decisions of a router, compares each with its alternatives, and passes them on. */
export class DecisionTrace {
  /** Candidates show the whole view. */
  readonly reads: readonly Signal[];
  readonly summary = new TraceSummary();
  readonly #numCandidates: number;
  readonly #sink: DecisionSink | undefined;

  /** Each record shows `numCandidates` alternatives; 0 = all, but the summary knows no regret then. */
  constructor(numCandidates: number, sink?: DecisionSink) {
    this.reads = numCandidates > 0 || sink !== undefined ? ["snapshot", "in-flight"] : [];
    this.#numCandidates = numCandidates;
    this.#sink = sink;
  }

  recordAdmission(request: Request, { admitted, reason }: Admission, { nowUs }: RouterView): void {
    this.#pass({ kind: "admission", requestId: request.id, clockUs: nowUs, admitted, reason });
  }

  recordRouting(request: Request, chosen: number, policy: RoutingPolicy, view: RouterView): void {
    const { scores } = policy;
    const ranked = this.reads.length === 0 ? [] : rank(view, scores);
    const chosenScore = scores?.[chosen] ?? 0 - view.load(chosen);
    this.#pass({
      kind: "routing",
      requestId: request.id,
      clockUs: view.nowUs,
      instance: instanceName(chosen),
      reason: policy.reason(),
      scores: scores && Object.fromEntries(Array.from(scores, (s, i) => [instanceName(i), s])),
      candidates: ranked.slice(0, this.#numCandidates || ranked.length),
      regret: ranked.length === 0 ? 0 : Math.max(0, ranked[0]!.score - chosenScore),
    });
  }

  #pass(record: DecisionRecord): void {
    this.summary.add(record, this.#numCandidates > 0);
    this.#sink?.(record);
  }
}

/** The id of an instance as users see it. */
export function instanceName(i: number): string {
  return `instance_${i}`;
}

/** All instances, best first: by the policy's score, or by the least load; ties by id in byte order. */
function rank(view: RouterView, scores: Float64Array | undefined): Candidate[] {
  return Array.from({ length: view.size }, (_, i) => ({
    instance: instanceName(i),
    score: scores?.[i] ?? 0 - view.load(i),
    queueDepth: view.queueDepth[i]!,
    batchSize: view.batchSize[i]!,
    inFlight: view.inFlight[i]!,
    kvUtilization: view.kvUtilization[i]!,
    freeKvBlocks: view.freeBlocks[i]!,
  })).sort((a, b) => b.score - a.score || (a.instance < b.instance ? -1 : 1));
}
