import type { RequestTable } from "../sim/metrics.ts";
import type { RequestLabels } from "../sim/request.ts";
import type { SloTarget } from "./slo_target.ts";

/** Limits in µs of one request; Infinity = none. */
interface Limits {
  readonly ttft: number;
  readonly itl: number;
  readonly e2e: number;
}

/**
 * The latency SLOs as limits of a single request. Of several SLOs about one metric, whatever their
 * statistics, the widest counts; those of a request's own class replace those of all requests. ITL
 * and TPOT both bound a request's mean inter-token latency.
 */
export class GoodLimits {
  readonly #targets: readonly SloTarget[];
  readonly #byLabels = new Map<RequestLabels, Limits>();

  constructor(targets: readonly SloTarget[]) {
    this.#targets = targets.filter(({ kind }) => kind === "latency");
  }

  /** True if a completed request kept all its limits; a limit itself counts as kept. */
  areKept(table: RequestTable, row: number): boolean {
    const labels = table.labelsOf(row);
    let limits = this.#byLabels.get(labels);
    if (limits === undefined) {
      limits = this.#limitsOf(labels.sloClass || "default");
      this.#byLabels.set(labels, limits);
    }
    // A request of one output token has no inter-token latency to keep.
    return table.ttftUs.data[row]! <= limits.ttft && !(table.itlUs.data[row]! > limits.itl) &&
      table.e2eUs.data[row]! <= limits.e2e;
  }

  #limitsOf(sloClass: string): Limits {
    const widest = (...metrics: readonly SloTarget["metric"][]) => {
      const about = this.#targets.filter(({ metric }) => metrics.includes(metric));
      const own = about.filter((target) => target.sloClass === sloClass);
      const all = own.length > 0 ? own : about.filter((target) => target.sloClass === "");
      return all.length === 0 ? Infinity : Math.max(...all.map(({ limit }) => limit));
    };
    return { ttft: widest("ttft"), itl: widest("itl", "tpot"), e2e: widest("e2e") };
  }
}
