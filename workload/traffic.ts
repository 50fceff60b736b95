import { type Request, RequestState } from "../sim/request.ts";
import type { RequestSource } from "../sim/request_source.ts";
import { TimeHeap } from "../sim/internal/time_heap.ts";

/**
 * The requests of a workload by arrival without a simulation: whoever waits for an answer gets it,
 * whole, after `usPerOutputToken` for each of its tokens.
 */
export function* trafficOf(
  source: RequestSource,
  usPerOutputToken: number,
): Generator<Request, void, void> {
  if (source.onFinished === undefined) {
    for (;;) {
      const request = source.next();
      if (request === undefined) return;
      yield request;
    }
  }
  const answers = new TimeHeap<Request>();
  const followUps = new TimeHeap<Request>();
  let drawn = source.next();
  for (;;) {
    const drawnUs = drawn?.arrivalUs ?? Infinity;
    const arrivalUs = Math.min(drawnUs, followUps.nextUs);
    const answerUs = answers.nextUs;
    if (answerUs <= arrivalUs) {
      if (answerUs === Infinity) return;
      const request = answered(answers.pop());
      for (const next of source.onFinished(request, answerUs)) followUps.push(next.arrivalUs, next);
      continue;
    }
    const request = drawnUs <= followUps.nextUs ? drawn! : followUps.pop();
    if (request === drawn) drawn = source.next();
    answers.push(arrivalUs + Math.trunc(request.outputTokens * usPerOutputToken), request);
    yield request;
  }
}

/** A request as a simulation leaves it when its last token is out. */
function answered(request: Request): Request {
  request.state = RequestState.COMPLETED;
  request.numComputedTokens = request.promptTokens + Math.max(request.outputTokens, 1) - 1;
  return request;
}
