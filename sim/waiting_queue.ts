import { shorten } from "./internal/shorten.ts";
import type { Request } from "./request.ts";

/** Which of two waiting requests goes first: negative for `a`. Total: it ends in the id. */
export type WaitingOrder = (a: Request, b: Request) => number;

/**
 * The waiting requests of one instance. Without an order it is first come, first served, and
 * preempted requests go back to its head; with one it stays sorted, and they have no privilege.
 */
export class WaitingQueue {
  readonly #order: WaitingOrder | undefined;
  #items: Request[] = [];
  #head = 0;

  constructor(order: WaitingOrder | undefined) {
    this.#order = order;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The next request to be admitted; the queue must not be empty. */
  get first(): Request {
    return this.#items[this.#head]!;
  }

  push(request: Request): void {
    if (this.#order === undefined) this.#items.push(request);
    else this.#insert(request, this.#order);
  }

  /** Takes back a preempted request. */
  pushPreempted(request: Request): void {
    if (this.#order !== undefined) this.#insert(request, this.#order);
    else if (this.#head > 0) this.#items[--this.#head] = request;
    else this.#items.unshift(request);
  }

  shift(): Request {
    const request = this.#items[this.#head++]!;
    if (this.#head === this.#items.length) {
      shorten(this.#items, 0);
      this.#head = 0;
    } else if (this.#head >= 64 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return request;
  }

  remove(request: Request): void {
    // Those that time out are mostly the ones that wait longest.
    if (request === this.first) this.shift();
    else this.#items.splice(this.#items.indexOf(request, this.#head), 1);
  }

  #insert(request: Request, order: WaitingOrder): void {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order(this.#items[middle]!, request) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, request);
  }
}
