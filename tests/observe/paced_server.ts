import { sse } from "./mock_server.ts";

/** Chunk `i` of a stream: it tells how many came with it, so that a lost or early one shows. */
export function numberedChunk(i: number): string {
  return sse({
    id: "cmpl-0123456789abcdef",
    object: "text_completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, text: `word${i} `, logprobs: null, finish_reason: null }],
    usage: { prompt_tokens: 1, completion_tokens: i + 1 },
  });
}

/** Streams of as many chunks each, one every `gapMs` from the moment it is opened. */
export class PacedStreams {
  readonly #chunks: readonly Uint8Array[];
  readonly #gapMs: number;
  /** Times at which streams are due for their next chunk, in order; each stream is in it once. */
  readonly #due: { dueMs: number; next: number; stream: ReadableStreamDefaultController }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(numChunks: number, gapMs: number) {
    const encoder = new TextEncoder();
    const texts = Array.from({ length: numChunks }, (_, i) => numberedChunk(i));
    this.#chunks = [...texts, "data: [DONE]\n\n"].map((text) => encoder.encode(text));
    this.#gapMs = gapMs;
  }

  open(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (stream) => {
        this.#due.push({ dueMs: performance.now() + this.#gapMs, next: 0, stream });
        this.#timer ??= setTimeout(this.#tick, this.#gapMs);
      },
    });
  }

  readonly #tick = (): void => {
    const nowMs = performance.now();
    const due = this.#due;
    let numDue = 0;
    while (numDue < due.length && due[numDue]!.dueMs <= nowMs) numDue++;
    for (const entry of due.splice(0, numDue)) {
      entry.stream.enqueue(this.#chunks[entry.next++]);
      entry.dueMs += this.#gapMs;
      if (entry.next === this.#chunks.length) entry.stream.close();
      else due.push(entry);
    }
    const [first] = due;
    this.#timer = first && setTimeout(this.#tick, Math.max(0, first.dueMs - performance.now()));
  };
}

if (import.meta.main) {
  const [numChunks, gapMs] = Deno.args.map(Number) as [number, number];
  const streams = new PacedStreams(numChunks, gapMs);
  const onListen = ({ port }: Deno.NetAddr) => {
    Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`));
  };
  Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, () => new Response(streams.open()));
}
