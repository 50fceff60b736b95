import type { FittedLatency } from "./fit_latency.ts";
import type { ObservedRequest } from "./observed_batch.ts";

/** A fit is left as it is if no more than this is wrong with it. */
const EXACT = 0.01;
/** Coefficients are moved by shares of what they could be at most, by less and less. */
const FIRST_SHARE = 0.2;
const LAST_SHARE = 0.005;

/** α0, α1, α2, β0, β1, β2. */
type Vector = readonly number[];

/**
 * Coefficients near `start` with a smaller error: a pattern search, which moves one coefficient
 * after the other. `errorOf` tells the error of a simulation, 0 = none. A real engine is no line, so
 * what explains its decodes best does not foretell its latencies best.
 * Source: Hooke and Jeeves, "Direct search" solution of numerical and statistical problems, 1961.
 */
export function refineLatency(
  start: FittedLatency,
  requests: readonly ObservedRequest[],
  errorOf: (latency: FittedLatency) => number,
): FittedLatency {
  const scales = scalesOf(requests.filter(({ isTraining }) => isTraining));
  let best: Vector = [...start.alpha, ...start.beta];
  let leastError = errorOf(start);
  if (leastError <= EXACT) return start;
  let share = FIRST_SHARE;
  while (share >= LAST_SHARE) {
    let isBetter = false;
    for (const [i, scale] of scales.entries()) {
      for (const change of [share * scale, -share * scale]) {
        const moved = best.with(i, Math.max(0, best[i]! + change));
        if (moved[i] === best[i] || !takesTime(moved)) continue;
        const error = errorOf(latencyOf(moved));
        if (!(error < leastError)) continue;
        [best, leastError, isBetter] = [moved, error, true];
        break;
      }
    }
    if (!isBetter) share /= 2;
  }
  return latencyOf(best);
}

/**
 * The most that each coefficient could be: as if nothing else took time. The overhead of an output
 * token is known from the gaps between answers, and not moved.
 */
function scalesOf(requests: readonly ObservedRequest[]): Vector {
  const sum = (valueOf: (request: ObservedRequest) => number) =>
    requests.reduce((total, request) => total + valueOf(request), 0);
  const ttftUs = sum(({ sentUs, firstTokenUs }) => firstTokenUs - sentUs);
  const decodeUs = sum(({ firstTokenUs, lastTokenUs }) => lastTokenUs - firstTokenUs);
  const perPromptToken = ttftUs / sum(({ prefillTokens }) => prefillTokens);
  const perOutputToken = decodeUs / Math.max(1, sum(({ decodeTokens }) => decodeTokens));
  return [
    ttftUs / requests.length,
    perPromptToken,
    0,
    perOutputToken,
    perPromptToken,
    perOutputToken,
  ];
}

/** In a simulation in which a decode takes no time, all happens at once. */
function takesTime([, , , perStep, , perDecode]: Vector): boolean {
  return perStep! + perDecode! > 0;
}

function latencyOf([a0, a1, a2, b0, b1, b2]: Vector): FittedLatency {
  return { alpha: [a0!, a1!, a2!], beta: [b0!, b1!, b2!] };
}
