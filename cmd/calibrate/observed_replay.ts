import { buildCluster } from "../../cluster/build.ts";
import type { Deployment } from "../../cluster/deployment.ts";
import { needsTokens } from "../../cluster/hashed_source.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import type { NumberedRequest } from "../../workload/calibration/observed_requests.ts";
import { agreement, type Pairs } from "../../workload/calibration/pair_statistics.ts";
import type { RecordedTrace } from "../../workload/recorded/recorded_trace.ts";
import { Replay } from "../../workload/recorded/replay.ts";

/** Mean errors of simulated latencies, as shares of the observed ones. */
export interface LatencyErrors {
  readonly ttftMape: number;
  readonly e2eMape: number;
}

/** A trace to be replayed by one deployment after the other, to see how far off each is. */
export class ObservedReplay {
  readonly #trace: RecordedTrace;
  readonly #requests: readonly NumberedRequest[];

  constructor(trace: RecordedTrace, requests: readonly NumberedRequest[]) {
    trace.deadlineUs.view().fill(Infinity);
    this.#trace = trace;
    this.#requests = requests;
  }

  /** Errors on the requests that a fit learns from, or on the others. Replays the first ones only. */
  errors(
    deployment: Deployment,
    isTraining: boolean,
    maxRequests = Infinity,
  ): LatencyErrors {
    const ids = new BlockIds();
    const keepTokens = needsTokens(deployment.instance.blockSize);
    const replay = new Replay(this.#trace, { seed: deployment.seed, keepTokens, ids });
    let numGiven = 0;
    const source = { next: () => numGiven++ < maxRequests ? replay.next() : undefined };
    const { table } = buildCluster(deployment, { source, ids }).run();
    const judged = this.#requests.filter((request) => request.isTraining === isTraining);
    const observed = new Map(judged.map((request) => [request.requestId, request]));
    const ttft = { real: [] as number[], sim: [] as number[] } satisfies Pairs;
    const e2e = { real: [] as number[], sim: [] as number[] } satisfies Pairs;
    for (let row = 0; row < table.length; row++) {
      const request = observed.get(table.number.data[row]!);
      const e2eUs = table.e2eUs.data[row]!;
      if (request === undefined || Number.isNaN(e2eUs)) continue;
      ttft.real.push(request.firstTokenUs - request.sentUs);
      ttft.sim.push(table.ttftUs.data[row]!);
      e2e.real.push(request.lastTokenUs - request.sentUs);
      e2e.sim.push(e2eUs);
    }
    return { ttftMape: agreement(ttft).mape, e2eMape: agreement(e2e).mape };
  }
}
