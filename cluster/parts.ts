import type { AdmissionPolicy } from "../sim/admission/admission.ts";
import type { Instance } from "../sim/instance.ts";
import type { TimeHeap } from "../sim/internal/time_heap.ts";
import type { RequestTable } from "../sim/metrics.ts";
import type { Request } from "../sim/request.ts";
import type { RequestSource } from "../sim/request_source.ts";
import type { RoutingPolicy } from "../sim/routing/routing.ts";
import type { DecisionTrace } from "./decision_trace.ts";
import type { SignalAges } from "./observed_view.ts";

/** Told of the simulated time and the requests that arrived so far. */
export type ProgressListener = (nowUs: number, numArrived: number) => void;

/** What a cluster is made of. */
export interface ClusterParts {
  readonly instances: readonly Instance[];
  readonly table: RequestTable;
  readonly admission: AdmissionPolicy;
  readonly routing: RoutingPolicy;
  readonly ages: SignalAges;
  /** Undefined if nobody wants to know the decisions. */
  readonly trace: DecisionTrace | undefined;
  /** The model that all instances serve; a request that names another has nowhere to go. */
  readonly model: string;
  readonly admissionLatencyUs: number;
  readonly routingLatencyUs: number;
  readonly horizonUs: number;
  /** The most requests that run at once, in all instances together. */
  readonly maxNumSeqs: number;
  readonly countsInversions: boolean;
  /** Where instances leave the follow-ups of requests that ended; undefined without sessions. */
  readonly followUps: TimeHeap<Request> | undefined;
  readonly source: RequestSource;
  readonly onProgress: ProgressListener | undefined;
}
