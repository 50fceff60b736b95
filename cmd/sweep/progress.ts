import type { Io } from "../io.ts";

/** Time between two updates of the line. */
const UPDATE_MS = 200;

/** A line on the terminal that tells how many runs are done and when the last one may be. */
export class SweepProgress {
  readonly #io: Io;
  readonly #total: number;
  readonly #numBefore: number;
  readonly #startMs: number;
  #numDone: number;
  #shownMs: number;
  #isShown = false;

  /** Of `total` runs `numBefore` were done by an earlier process. */
  constructor(io: Io, total: number, numBefore: number) {
    this.#io = io;
    this.#total = total;
    this.#numBefore = numBefore;
    this.#numDone = numBefore;
    this.#startMs = io.nowMs();
    this.#shownMs = this.#startMs;
  }

  /** One more run is done. */
  advance(): void {
    this.#numDone++;
    if (!this.#io.isErrorTerminal) return;
    const nowMs = this.#io.nowMs();
    if (nowMs - this.#shownMs < UPDATE_MS) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    const perRunMs = (nowMs - this.#startMs) / (this.#numDone - this.#numBefore);
    const left = durationText(perRunMs * (this.#total - this.#numDone));
    this.#io.printError(
      `\r${this.#numDone} of ${this.#total} runs, about ${left} left\x1b[K`,
    );
  }

  /** Wipes the line. */
  end(): void {
    if (this.#isShown) this.#io.printError("\r\x1b[K");
  }
}

/** `45 s`, `12 min` or `3.5 h`. */
function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
