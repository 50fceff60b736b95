import { Float64Column } from "./internal/columns.ts";

const PAGE = 64;
/** Pages that are found without the map, a power of two: a step is seldom far from those before it. */
const RECENT = 512;
/** The tables of a histogram that has counted nothing, as most of a large cluster's may. */
const NO_COUNTS = new Float64Array(0);
const NO_PAGES = new Float64Array(RECENT).fill(-1);
const NO_STARTS = new Int32Array(0);

/**
 * Inter-token latencies counted by whole µs: all decodes of a step share one latency, so a step
 * adds one number, and percentiles need no list of tokens. Counts lie in pages of 64 values that
 * exist where something was counted.
 */
export class ItlHistogram {
  /** Page number → its start in `#counts`. */
  readonly #pages = new Map<number, number>();
  #counts = NO_COUNTS;
  /** Of each page the last one seen with its number modulo RECENT: its number, its start. */
  #recentPages = NO_PAGES;
  #recentStarts = NO_STARTS;

  /** Counts `times` latencies of `us`; a negative `times` takes them back. */
  add(us: number, times: number): void {
    const page = Math.floor(us / PAGE);
    const recent = page & (RECENT - 1);
    if (this.#recentPages[recent] !== page) {
      if (this.#recentPages === NO_PAGES) this.#open();
      this.#recentStarts[recent] = this.#pages.get(page) ?? this.#addPage(page);
      this.#recentPages[recent] = page;
    }
    this.#counts[this.#recentStarts[recent]! + us - page * PAGE]! += times;
  }

  /** Adds all of another histogram to this one. */
  merge(other: ItlHistogram): void {
    other.#forEach((us, times) => this.add(us, times));
  }

  /** The distinct latencies in µs, ascending, and how often each occurred. */
  sorted(): { readonly values: Float64Array; readonly counts: Float64Array } {
    const values = new Float64Column();
    const counts = new Float64Column();
    this.#forEach((us, times) => {
      values.push(us);
      counts.push(times);
    });
    return { values: values.view(), counts: counts.view() };
  }

  #forEach(visit: (us: number, times: number) => void): void {
    for (const page of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const start = this.#pages.get(page)!;
      for (let i = 0; i < PAGE; i++) {
        if (this.#counts[start + i] !== 0) visit(page * PAGE + i, this.#counts[start + i]!);
      }
    }
  }

  #open(): void {
    this.#counts = new Float64Array(8 * PAGE);
    this.#recentPages = new Float64Array(RECENT).fill(-1);
    this.#recentStarts = new Int32Array(RECENT);
  }

  #addPage(page: number): number {
    const start = this.#pages.size * PAGE;
    if (start === this.#counts.length) {
      this.#counts = new Float64Array(this.#counts.buffer.transfer(this.#counts.byteLength * 2));
    }
    this.#pages.set(page, start);
    return start;
  }
}
