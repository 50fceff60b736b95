/** Repeats an operation so many times. */
export type Loop = (times: number) => void;

const MIN_MS = 20;
const NUM_ROUNDS = 7;

/** Nanoseconds of one operation: the fastest of several rounds, each long enough for the clock. */
export function nsPerOperation(loop: Loop): number {
  let times = 1;
  while (elapsedMs(loop, times) < MIN_MS) times *= 2;
  let bestMs = Infinity;
  for (let round = 0; round < NUM_ROUNDS; round++) {
    bestMs = Math.min(bestMs, elapsedMs(loop, times));
  }
  return (bestMs * 1e6) / times;
}

function elapsedMs(loop: Loop, times: number): number {
  const startMs = performance.now();
  loop(times);
  return performance.now() - startMs;
}
