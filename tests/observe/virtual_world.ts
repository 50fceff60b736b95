import type { World } from "../../cmd/observe/world.ts";
import { TimeHeap } from "../../sim/internal/time_heap.ts";

/** The time at which every virtual world begins, Unix time in µs. */
export const EPOCH_US = 1_800_000_000_000_000;

/** Answers a request; `atUs` is when it was sent, in µs from the beginning. */
export type VirtualServer = (body: string, atUs: number) => Response | Promise<Response>;

/** A world without a network, whose time passes as soon as everybody waits for it. */
export class VirtualWorld implements World {
  readonly #timers = new TimeHeap<{ action: () => void }>();
  readonly #serve: VirtualServer;
  #nowUs = EPOCH_US;
  #numIds = 0;
  /** Presses Ctrl-C. */
  interrupt = () => {};

  constructor(serve: VirtualServer = () => new Response(null, { status: 501 })) {
    this.#serve = serve;
  }

  /** Time from the beginning, in µs. */
  get elapsedUs(): number {
    return this.#nowUs - EPOCH_US;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { action };
    this.#timers.push(this.#nowUs + Math.max(0, Math.ceil(ms * 1000)), timer);
    return () => timer.action = () => {};
  }

  uuid(): string {
    return `id-${this.#numIds++}`;
  }

  onInterrupt(action: () => void): () => void {
    this.interrupt = action;
    return () => this.interrupt = () => {};
  }

  connect() {
    return {
      fetch: async (_url: string, { body, signal }: RequestInit): Promise<Response> => {
        signal?.throwIfAborted();
        const answer = Promise.resolve(this.#serve(body as string, this.elapsedUs));
        const response = await Promise.race([answer, aborted(signal!)]);
        return new Response(response.body && asBytes(response.body, signal!), response);
      },
      close: () => {},
    };
  }

  /** Lets time pass until `work` is done. */
  async pass<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const settled = () => isDone = true;
    work.then(settled, settled);
    for (;;) {
      await allTurns();
      if (isDone) return await work;
      if (this.#timers.nextUs === Infinity) throw new Error("Everybody waits forever");
      this.#nowUs = Math.max(this.#nowUs, this.#timers.nextUs);
      this.#timers.pop().action();
    }
  }

  /** Resolves `us` from now. */
  sleep(us: number): Promise<void> {
    return new Promise((resolve) => this.after(us / 1000, resolve));
  }

  /** A body whose pieces come at these times, in µs from now. */
  body(pieces: readonly (readonly [us: number, text: string])[]): ReadableStream<Uint8Array> {
    const startUs = this.#nowUs;
    const encoder = new TextEncoder();
    const rest = [...pieces];
    return new ReadableStream({
      pull: async (controller) => {
        const piece = rest.shift();
        if (piece === undefined) return controller.close();
        await this.sleep(startUs + piece[0] - this.#nowUs);
        controller.enqueue(encoder.encode(piece[1]));
      },
    }, { highWaterMark: 0 });
  }
}

/** A stream like that of a real answer: of bytes, and broken off by its signal. */
function asBytes(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const broken = aborted(signal);
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      let piece = await Promise.race([reader.read(), broken]);
      while (!piece.done && piece.value.length === 0) piece = await reader.read();
      if (!piece.done) return controller.enqueue(piece.value);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Lets all promises go as far as they can without a timer. */
async function allTurns(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
