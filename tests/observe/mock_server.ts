/** What a request said. */
export interface Asked {
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How a server answers its requests; the request that counts tokens has index -1. */
export type Behaviour = (asked: Asked, index: number) => Response | Promise<Response>;

/** An HTTP server on a free port of this machine that answers as a test wants it. */
export class MockServer implements AsyncDisposable {
  /** All requests in their order, but for the one that counts tokens. */
  readonly asked: Asked[] = [];
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(behaviour: Behaviour) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: brokenOff };
    this.#server = Deno.serve(options, async (request) => {
      const text = await request.text();
      const { pathname: path } = new URL(request.url);
      const asked = { path, headers: request.headers, text, body: JSON.parse(text) };
      if (isProbe(asked)) return behaviour(asked, -1);
      return behaviour(asked, this.asked.push(asked) - 1);
    });
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

/** A server that does to each connection what a test wants, once a request is there. */
export class RawServer implements Disposable {
  readonly url: string;
  readonly #listener: Deno.TcpListener;

  constructor(behaviour: (connection: Deno.TcpConn) => Promise<void>) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#accept(behaviour);
  }

  async #accept(behaviour: (connection: Deno.TcpConn) => Promise<void>): Promise<void> {
    for await (const connection of this.#listener) {
      await connection.read(new Uint8Array(65536));
      await behaviour(connection).catch(() => {});
      try {
        connection.close();
      } catch { /* The test has closed it. */ }
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

/** True for the request that has the server count the tokens of the vocabulary. */
export function isProbe({ body }: Pick<Asked, "body">): boolean {
  return body.max_tokens === 1 && body.min_tokens === undefined && body.stream === false;
}

/** A whole answer with `numTokens` tokens. */
export function wholeAnswer(numTokens: number, promptTokens = 100): Response {
  return Response.json({
    choices: [{ index: 0, text: "x".repeat(numTokens), finish_reason: "length" }],
    usage: { prompt_tokens: promptTokens, completion_tokens: numTokens },
  });
}

/** What a server puts on a stream. */
export function sse(...events: unknown[]): string {
  return events.map((event) =>
    `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`
  ).join("");
}

/** A streamed answer of these texts. */
export function streamed(...texts: string[]): Response {
  return new Response(texts.join(""), { headers: { "content-type": "text/event-stream" } });
}

const USAGE = (numTokens: number) => ({ prompt_tokens: 9, completion_tokens: numTokens });

/** A completion as vLLM streams it: text chunks, the last with a reason, then the usage. */
export function vllmCompletion(numTokens: number): string {
  const chunk = (i: number) => ({
    choices: [{ index: 0, text: `t${i}`, finish_reason: i === numTokens - 1 ? "length" : null }],
    usage: null,
  });
  const chunks = Array.from({ length: numTokens }, (_, i) => chunk(i));
  return sse(...chunks, { choices: [], usage: USAGE(numTokens) }, "[DONE]");
}

/** A chat as llama.cpp streams it: a role, texts, an empty delta with a reason, then the usage. */
export function llamaChat(numTokens: number): string {
  const chunk = (delta: unknown, reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  return sse(
    chunk({ role: "assistant", content: null }),
    ...Array.from({ length: numTokens }, (_, i) => chunk({ content: `t${i}` })),
    chunk({}, "stop"),
    { choices: [], usage: USAGE(numTokens) },
    "[DONE]",
  );
}

/** A completion as llama.cpp streams it: the last chunk has no text, but reason and usage. */
export function llamaCompletion(numTokens: number): string {
  const chunk = (text: string, reason: string | null = null) => ({
    choices: [{ index: 0, text, finish_reason: reason }],
  });
  return sse(
    ...Array.from({ length: numTokens }, (_, i) => chunk(`t${i}`)),
    { ...chunk("", "length"), usage: USAGE(numTokens) },
    "[DONE]",
  );
}

/** A stream that breaks off behaves as the test wants: nobody has to know of it. */
function brokenOff(): Response {
  return new Response("broken off", { status: 500 });
}
