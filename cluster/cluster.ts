import { InstanceHeap } from "./instance_heap.ts";
import type { ClusterParts } from "./parts.ts";
import { Router } from "./router.ts";
import { instanceResult, type RunResult } from "./result.ts";

/** Decisions between two calls of the progress listener. */
const PROGRESS_INTERVAL = 4096;

/**
 * Several instances behind a router on one simulated clock. At equal times arrivals, admissions and
 * routings come first, in this order, then the instances. An instance runs alone until a request is
 * routed to it or somebody looks at it; with sessions, whose follow-ups any instance may cause, the
 * instances run in the order of their events.
 */
export class Cluster {
  readonly #parts: ClusterParts;
  readonly #router: Router;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.#router = new Router(parts);
  }

  run(): RunResult {
    const { instances, table, horizonUs, followUps, onProgress } = this.#parts;
    const router = this.#router;
    const order = followUps === undefined ? undefined : new InstanceHeap(instances);
    let numDecisions = 0;
    for (;;) {
      const nextUs = router.nextUs;
      const instance = order?.first;
      if (instance !== undefined && instance.nextEventUs < nextUs) {
        if (instance.nextEventUs > horizonUs) break;
        instance.advanceOne();
        order!.update(instance);
        continue;
      }
      if (nextUs > horizonUs || nextUs === Infinity) break;
      const target = router.handleNext();
      if (target !== undefined) order?.update(target);
      if (++numDecisions % PROGRESS_INTERVAL === 0) onProgress?.(nextUs, router.numArrived);
    }
    for (const instance of instances) instance.advance(Infinity);
    return {
      table,
      instances: instances.map((instance) => instanceResult(instance, horizonUs)),
      numArrived: router.numArrived,
      arrivedByClass: router.arrivedByClass,
      maxNumSeqs: this.#parts.maxNumSeqs,
      numRejectedAtAdmission: router.numRejectedAtAdmission,
      rejectedByClass: router.rejectedByClass,
      numRejectedAtRouting: router.numRejectedAtRouting,
      unknownModel: router.unknownModel,
      traceSummary: this.#parts.trace?.summary,
      countsInversions: this.#parts.countsInversions,
    };
  }
}
