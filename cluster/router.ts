import type { Instance } from "../sim/instance.ts";
import type { Request } from "../sim/request.ts";
import { DecisionQueue } from "./decision_queue.ts";
import { ObservedView } from "./observed_view.ts";
import type { ClusterParts } from "./parts.ts";

/**
 * An instance at which nobody looks runs once so many requests wait for it: one that runs for a
 * long stretch finds its memory in the processor's cache. Of many instances each gets less, since
 * requests that wait take memory too.
 */
const MAX_STRETCH_REQUESTS = 256;
const MIN_STRETCH_REQUESTS = 16;
const MAX_WAITING_REQUESTS = 16_384;

/**
 * The way of a request through the cluster: arrival → admission → routing → instance. Both delays
 * are constant, so each stage is a queue in order of time; at equal times all arrivals go before
 * all admissions, and these before all routings.
 */
export class Router {
  numArrived = 0;
  readonly arrivedByClass = new Map<string, number>();
  numRejectedAtAdmission = 0;
  numRejectedAtRouting = 0;
  unknownModel = "";
  readonly rejectedByClass = new Map<string, number>();
  readonly #parts: ClusterParts;
  readonly #view: ObservedView;
  readonly #stretchRequests: number;
  /** The next arrival of the source, undefined when it is exhausted. */
  #upcoming: Request | undefined;
  readonly #admissions = new DecisionQueue();
  readonly #routings = new DecisionQueue();

  constructor(parts: ClusterParts) {
    const { instances, admission, routing, ages, trace } = parts;
    const reads = new Set([...admission.reads, ...routing.reads, ...(trace?.reads ?? [])]);
    this.#parts = parts;
    this.#view = new ObservedView(instances, ages, reads);
    const share = Math.floor(MAX_WAITING_REQUESTS / instances.length);
    this.#stretchRequests = Math.max(MIN_STRETCH_REQUESTS, Math.min(share, MAX_STRETCH_REQUESTS));
    this.#upcoming = parts.source.next();
  }

  /** Time of the next arrival, admission or routing; Infinity if none is left. */
  get nextUs(): number {
    return Math.min(this.#nextArrivalUs(), this.#admissions.nextUs, this.#routings.nextUs);
  }

  /** Handles what comes next; the instance that got a request, if one did. */
  handleNext(): Instance | undefined {
    const { nextUs } = this;
    if (this.#nextArrivalUs() === nextUs) {
      this.#arrive(nextUs);
      return undefined;
    }
    const isAdmission = this.#admissions.nextUs === nextUs;
    const request = (isAdmission ? this.#admissions : this.#routings).shift();
    this.#view.look(nextUs, this.#isServed(request));
    if (!isAdmission) return this.#route(request);
    this.#admit(request);
    return undefined;
  }

  /** True if the instances serve the model that a request names, if it names one. */
  #isServed({ labels }: Request): boolean {
    return labels.model === "" || labels.model === this.#parts.model;
  }

  #nextArrivalUs(): number {
    const followUpUs = this.#parts.followUps?.nextUs ?? Infinity;
    return this.#upcoming === undefined
      ? followUpUs
      : Math.min(this.#upcoming.arrivalUs, followUpUs);
  }

  #arrive(nowUs: number): void {
    const request = this.#takeArrival();
    const sloClass = request.labels.sloClass || "default";
    this.numArrived++;
    this.arrivedByClass.set(sloClass, (this.arrivedByClass.get(sloClass) ?? 0) + 1);
    this.#admissions.push(nowUs + this.#parts.admissionLatencyUs, request);
  }

  /** At equal times the source goes before the follow-ups. */
  #takeArrival(): Request {
    const { source, followUps } = this.#parts;
    const upcoming = this.#upcoming;
    const followUpUs = followUps?.nextUs ?? Infinity;
    if (upcoming === undefined || followUpUs < upcoming.arrivalUs) return followUps!.pop();
    this.#upcoming = source.next();
    return upcoming;
  }

  #admit(request: Request): void {
    const { admission, trace, routingLatencyUs } = this.#parts;
    const decision = admission.admit(request, this.#view);
    trace?.recordAdmission(request, decision, this.#view);
    if (decision.admitted) {
      this.#routings.push(this.#view.nowUs + routingLatencyUs, request);
      return;
    }
    this.numRejectedAtAdmission++;
    const sloClass = request.labels.sloClass || "standard";
    this.rejectedByClass.set(sloClass, (this.rejectedByClass.get(sloClass) ?? 0) + 1);
  }

  #route(request: Request): Instance | undefined {
    const { routing, trace, instances, table } = this.#parts;
    const { nowUs, size } = this.#view;
    if (size === 0) {
      this.numRejectedAtRouting++;
      this.unknownModel = request.labels.model;
      return undefined;
    }
    const index = routing.route(request, this.#view);
    trace?.recordRouting(request, index, routing, this.#view);
    const instance = instances[index]!;
    table.add(request, index);
    instance.inject(request, nowUs);
    this.#view.noteInjected(index);
    if (instance.numArriving >= this.#stretchRequests) instance.advance(nowUs);
    return instance;
  }
}
