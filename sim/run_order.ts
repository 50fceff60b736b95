import type { Request } from "./request.ts";

/** Lists up to this length are sorted by insertion. */
const SHORT = 32;

/** Sorts requests into the running order of their instance; a short list, as most are, in place without allocating. */
export function sortByRunOrder(requests: Request[]): void {
  if (requests.length > SHORT) {
    requests.sort((a, b) => a.runOrder - b.runOrder);
    return;
  }
  for (let end = 1; end < requests.length; end++) {
    const request = requests[end]!;
    let i = end;
    for (; i > 0 && requests[i - 1]!.runOrder > request.runOrder; i--) {
      requests[i] = requests[i - 1]!;
    }
    requests[i] = request;
  }
}
