import type { Answer } from "../../cmd/observe/answer.ts";
import { type ClientSettings, ObserveClient } from "../../cmd/observe/client.ts";
import { denoWorld, type World } from "../../cmd/observe/world.ts";
import { requestWith } from "../fixtures/requests.ts";
import { type Behaviour, MockServer, sse } from "./mock_server.ts";
import type { VirtualWorld } from "./virtual_world.ts";

/** What a test cares about when it asks a server. */
export interface Options {
  /** True unless said otherwise. */
  readonly streams?: boolean;
  readonly timeoutMs?: number;
  readonly apiKey?: string;
  readonly stop?: AbortSignal;
}

/** A client for short requests. */
export function clientOf(serverUrl: string, options: Options = {}, world: World = denoWorld()) {
  const { streams = true, apiKey, timeoutMs = 60_000, stop = new AbortController().signal } =
    options;
  const settings: ClientSettings = {
    serverUrl,
    apiKey,
    body: {
      apiFormat: "completions",
      model: "m",
      streams,
      isUnconstrained: false,
      ignoresEos: false,
      minTokens: 0,
      tokensPerWord: 1,
    },
    timeoutMs,
    keepsChunkTimes: true,
    stop,
  };
  return new ObserveClient(settings, world);
}

/** The answers to so many equal requests, all sent at once. */
export async function askAtOnce(
  serverUrl: string,
  numRequests: number,
  options?: Options,
  world?: World,
): Promise<Answer[]> {
  const client = clientOf(serverUrl, options, world);
  const request = requestWith({ promptTokens: 1, tokens: new Int32Array(1) });
  const answers = await Promise.all(
    Array.from({ length: numRequests }, () => client.send(client.prepare(request))),
  );
  client.close();
  return answers;
}

/** The answer to one request. */
export async function ask(serverUrl: string, options?: Options, world?: World): Promise<Answer> {
  const [answer] = await askAtOnce(serverUrl, 1, options, world);
  return answer!;
}

/** The answer of a server that behaves like this. */
export async function askMock(behaviour: Behaviour, options?: Options): Promise<Answer> {
  await using server = new MockServer(behaviour);
  return await ask(server.url, options);
}

/** The answer of the server of a virtual world, once its time has passed. */
export function askVirtual(world: VirtualWorld, options?: Options): Promise<Answer> {
  return world.pass(ask("http://server", options, world));
}

/** An event with a piece of a completion. */
export function chunkOf(text: string, reason: string | null = null): string {
  return sse({ choices: [{ text, finish_reason: reason }] });
}
