import type { Io } from "./io.ts";

/** Runs shorter than this show nothing. */
const QUIET_MS = 1000;
/** Time between two updates of the line. */
const UPDATE_MS = 200;

/** A line on the terminal that tells how far a run is; it tells nothing where stderr is none. */
export class ProgressLine {
  readonly #io: Io;
  readonly #total: number;
  readonly #startMs: number;
  #shownMs: number;
  #isShown = false;

  /** `total` is the number of requests that will arrive, Infinity if that is open. */
  constructor(io: Io, total: number) {
    this.#io = io;
    this.#total = total;
    this.#startMs = io.nowMs();
    this.#shownMs = this.#startMs + QUIET_MS - UPDATE_MS;
  }

  /** To be called now and then with the simulated time and the requests that arrived so far. */
  update(simulatedUs: number, numArrived: number): void {
    if (!this.#io.isErrorTerminal) return;
    const nowMs = this.#io.nowMs();
    if (nowMs - this.#shownMs < UPDATE_MS) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    const of = Number.isFinite(this.#total) ? ` of ${this.#total}` : "";
    const seconds = Math.round((nowMs - this.#startMs) / 1000);
    this.#io.printError(
      `\r${numArrived}${of} requests, ${
        Math.trunc(simulatedUs / 1e6)
      } s simulated in ${seconds} s\x1b[K`,
    );
  }

  /** Wipes the line. */
  end(): void {
    if (this.#isShown) this.#io.printError("\r\x1b[K");
  }
}
