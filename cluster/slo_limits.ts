import type { RequestTable } from "../sim/metrics.ts";
import type { RequestLabels } from "../sim/request.ts";
import type { SloTarget } from "./slo_target.ts";

/** Limits in µs of one request; Infinity = none. */
interface Limits {
  readonly ttft: number;
  readonly itl: number;
  readonly e2e: number;
}

/** Limits in ms that a workload or a trace names for the requests of an SLO class; <= 0 = none. */
export type RequestTargets = Readonly<
  Record<string, { readonly ttftMs: number; readonly itlMs: number; readonly e2eMs: number }>
>;

/**
 * The limits of a single request. Of several latency SLOs about one metric, whatever their
 * statistics, the widest counts; those of a request's own class replace those of all requests. ITL
 * and TPOT both bound a request's mean inter-token latency. Where no SLO is about a metric, the
 * target that the request came with counts, else that of its class in `named`.
 */
export class GoodLimits {
  readonly #targets: readonly SloTarget[];
  readonly #named: RequestTargets;
  readonly #byLabels = new Map<RequestLabels, Limits>();

  constructor(targets: readonly SloTarget[], named: RequestTargets = {}) {
    this.#targets = targets.filter(({ kind }) => kind === "latency");
    this.#named = named;
  }

  /** True if a completed request kept all its limits; a limit itself counts as kept. */
  areKept(table: RequestTable, row: number): boolean {
    const labels = table.labelsOf(row);
    let limits = this.#byLabels.get(labels);
    if (limits === undefined) {
      limits = this.#limitsOf(labels);
      this.#byLabels.set(labels, limits);
    }
    // A request of one output token has no inter-token latency to keep.
    return table.ttftUs.data[row]! <= limits.ttft && !(table.itlUs.data[row]! > limits.itl) &&
      table.e2eUs.data[row]! <= limits.e2e;
  }

  #limitsOf({ sloClass, sloTargetUs }: RequestLabels): Limits {
    const name = sloClass || "default";
    const named = Object.hasOwn(this.#named, name) ? this.#named[name] : undefined;
    const ofClassUs = (ms = 0) => ms > 0 ? ms * 1000 : Infinity;
    const ttftUs = sloTargetUs > 0 ? sloTargetUs : ofClassUs(named?.ttftMs);
    return {
      ttft: this.#widest(name, ["ttft"]) ?? ttftUs,
      itl: this.#widest(name, ["itl", "tpot"]) ?? ofClassUs(named?.itlMs),
      e2e: this.#widest(name, ["e2e"]) ?? ofClassUs(named?.e2eMs),
    };
  }

  #widest(sloClass: string, metrics: readonly SloTarget["metric"][]): number | undefined {
    const about = this.#targets.filter(({ metric }) => metrics.includes(metric));
    const own = about.filter((target) => target.sloClass === sloClass);
    const all = own.length > 0 ? own : about.filter((target) => target.sloClass === "");
    return all.length === 0 ? undefined : Math.max(...all.map(({ limit }) => limit));
  }
}
