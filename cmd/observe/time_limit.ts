import type { World } from "./world.ts";

/** Ends one request when its time is up or when all are to stop. Dispose of it when it is over. */
export class TimeLimit implements Disposable {
  /** True once the time was up. */
  hasPassed = false;
  readonly #abort = new AbortController();
  readonly #stop: AbortSignal;
  readonly #cancelTimer: () => void;

  constructor(world: World, ms: number, stop: AbortSignal) {
    this.#stop = stop;
    this.#cancelTimer = world.after(ms, () => {
      this.hasPassed = true;
      this.#abort.abort();
    });
    if (stop.aborted) this.#onStop();
    else stop.addEventListener("abort", this.#onStop);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  [Symbol.dispose](): void {
    this.#cancelTimer();
    this.#stop.removeEventListener("abort", this.#onStop);
  }

  readonly #onStop = (): void => this.#abort.abort();
}
