import type { Instance } from "../sim/instance.ts";
import type { Request } from "../sim/request.ts";
import type { RouterView } from "../sim/router_view.ts";
import { DecisionQueue } from "./decision_queue.ts";
import type { ClusterParts } from "./parts.ts";

/**
 * The way of a request through the cluster: arrival → admission → routing → instance. Both delays
 * are constant, so each stage is a queue in order of time; at equal times all arrivals go before
 * all admissions, and these before all routings.
 */
export class Router implements RouterView {
  numArrived = 0;
  numRejectedAtAdmission = 0;
  numRejectedAtRouting = 0;
  unknownModel = "";
  readonly rejectedByClass = new Map<string, number>();
  nowUs = 0;
  readonly size: number;
  readonly #parts: ClusterParts;
  /** The next arrival of the source, undefined when it is exhausted. */
  #upcoming: Request | undefined;
  readonly #admissions = new DecisionQueue();
  readonly #routings = new DecisionQueue();

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.size = parts.instances.length;
    this.#upcoming = parts.source.next();
  }

  /** Time of the next arrival, admission or routing; Infinity if none is left. */
  get nextUs(): number {
    return Math.min(this.#nextArrivalUs(), this.#admissions.nextUs, this.#routings.nextUs);
  }

  /** Handles what comes next; the instance that got a request, if one did. */
  handleNext(): Instance | undefined {
    const nextUs = this.nextUs;
    this.nowUs = nextUs;
    if (this.#nextArrivalUs() === nextUs) {
      this.numArrived++;
      this.#admissions.push(nextUs + this.#parts.admissionLatencyUs, this.#takeArrival());
    } else if (this.#admissions.nextUs === nextUs) this.#admit(this.#admissions.shift());
    else return this.#route(this.#routings.shift());
    return undefined;
  }

  #nextArrivalUs(): number {
    const followUpUs = this.#parts.followUps?.nextUs ?? Infinity;
    return this.#upcoming === undefined
      ? followUpUs
      : Math.min(this.#upcoming.arrivalUs, followUpUs);
  }

  /** At equal times the source goes before the follow-ups. */
  #takeArrival(): Request {
    const { source, followUps } = this.#parts;
    const upcoming = this.#upcoming;
    if (
      upcoming === undefined || (followUps !== undefined && followUps.nextUs < upcoming.arrivalUs)
    ) {
      return followUps!.pop();
    }
    this.#upcoming = source.next();
    return upcoming;
  }

  #admit(request: Request): void {
    if (this.#parts.admission.admit(request, this).admitted) {
      this.#routings.push(this.nowUs + this.#parts.routingLatencyUs, request);
      return;
    }
    this.numRejectedAtAdmission++;
    const sloClass = request.labels.sloClass || "standard";
    this.rejectedByClass.set(sloClass, (this.rejectedByClass.get(sloClass) ?? 0) + 1);
  }

  #route(request: Request): Instance | undefined {
    const { labels } = request;
    if (labels.model !== "" && labels.model !== this.#parts.model) {
      this.numRejectedAtRouting++;
      this.unknownModel = labels.model;
      return undefined;
    }
    const index = this.#parts.routing.route(request, this);
    const instance = this.#parts.instances[index]!;
    this.#parts.table.add(request, index);
    instance.advance(this.nowUs);
    instance.inject(request, this.nowUs);
    return instance;
  }
}
