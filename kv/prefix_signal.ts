import { IntMap } from "../sim/internal/int_map.ts";

/**
 * Remembers, without copying the cache, which contents it held at the last refresh: the first
 * change of a content after a refresh notes whether it was there; what was not changed is as it is.
 * Cheap until the first refresh asks for it: a cache that nobody observes notes nothing.
 */
export class PrefixSignal {
  /** Content identity → 1 if it was cached at the last refresh; only those changed since. */
  readonly #before = new IntMap();
  #isObserved = false;

  /** From now on the signal is what the cache holds now. */
  refresh(): void {
    this.#isObserved = true;
    if (this.#before.size > 0) this.#before.clear();
  }

  /** A content is about to enter (`isCached` false) or leave the cache. */
  note(id: number, isCached: boolean): void {
    if (this.#isObserved && this.#before.get(id) < 0) this.#before.set(id, isCached ? 1 : 0);
  }

  /** Whether a content was cached at the last refresh, given whether it is now; before the first, nothing was. */
  wasCached(id: number, isCached: boolean): boolean {
    if (!this.#isObserved) return false;
    const before = this.#before.get(id);
    return before < 0 ? isCached : before === 1;
  }
}
