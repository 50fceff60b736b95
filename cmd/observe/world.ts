import { AccessError } from "../../sim/internal/errors.ts";

/** What an observation asks of the world besides files. */
export interface World {
  /** Unix time in whole µs; it never goes back. */
  nowUs(): number;
  /** Runs `action` once, `ms` from now or a little later; returns what calls it off. */
  after(ms: number, action: () => void): () => void;
  uuid(): string;
  /** Runs `action` at the first Ctrl-C or request to end; returns what stops the listening. */
  onInterrupt(action: () => void): () => void;
  /** Nothing is sent yet. A server on this machine is asked without a proxy. */
  connect(server: URL): Connection;
}

/** Connections to one server. */
export interface Connection {
  /**
   * Like the global function, but a redirect is an answer, so that no other host is asked. Throws
   * an AccessError if the permission is missing.
   */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Closes idle connections. */
  close(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** Timers cannot wait longer. */
const LONGEST_MS = 2 ** 31 - 1;

/** The real world. */
export function denoWorld(): World {
  return {
    nowUs: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
    after,
    uuid: () => crypto.randomUUID(),
    onInterrupt,
    connect,
  };
}

function after(ms: number, action: () => void): () => void {
  if (ms <= 0) {
    // A timer would take two milliseconds.
    const turn = setImmediate(action);
    return () => clearImmediate(turn);
  }
  const timer = setTimeout(action, Math.min(Math.ceil(ms), LONGEST_MS));
  return () => clearTimeout(timer);
}

function onInterrupt(action: () => void): () => void {
  const stop = () => SIGNALS.forEach((signal) => Deno.removeSignalListener(signal, listener));
  // Deaf after the first one: the second ends the program at once.
  const listener = () => {
    stop();
    action();
  };
  SIGNALS.forEach((signal) => Deno.addSignalListener(signal, listener));
  return stop;
}

function connect(server: URL): Connection {
  if (isLoopback(server)) bypassProxies(server);
  // Streams that share a connection would wait for each other.
  const client = Deno.createHttpClient({ http2: false });
  return {
    async fetch(url, init) {
      try {
        return await fetch(url, { ...init, client, redirect: "manual" });
      } catch (error) {
        throw asAccessError(error, server);
      }
    },
    close: () => client.close(),
  };
}

function isLoopback({ hostname }: URL): boolean {
  return /^(127\.[0-9.]+|\[::1\]|(.+\.)?localhost)$/.test(hostname);
}

/** A proxy that the environment names would look for the server on its own machine. */
function bypassProxies({ hostname }: URL): void {
  const variable = "NO_PROXY";
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return;
  Deno.env.set(variable, hostname.replace(/^\[|\]$/g, ""));
}

function asAccessError(error: unknown, { host, origin }: URL): unknown {
  if (!(error instanceof Deno.errors.NotCapable)) return error;
  const permission = `--allow-net=${host}`;
  return new AccessError(`No permission to access ${origin}`, {
    resource: origin,
    permission,
    hint: `run with ${permission}`,
  });
}
