import { AccessError } from "../sim/internal/errors.ts";

/** Kinds of access that a command may need beyond printing. */
export type Permission = "read" | "write" | "net" | "env";

/**
 * All that the program asks of the world outside. File and network methods throw an AccessError
 * that names what could not be reached and the permission that is missing, if one is.
 */
export interface Io {
  readText(path: string): Promise<string>;
  /** Names in a folder, sorted. */
  listFolder(path: string): Promise<string[]>;
  /** Writes a file from its pieces or, on failure, nothing: under another name, then renamed. */
  writeFile(path: string, pieces: Iterable<string>): Promise<void>;
  /** Throws unless `writeFile` could make this file; leaves nothing behind. */
  checkWritable(path: string): Promise<void>;
  createFolder(path: string): Promise<void>;
  /** Writes to stdout; a reader that has gone away is no error. */
  print(text: string): void;
  /** Writes to stderr. */
  printError(text: string): void;
  readonly isErrorTerminal: boolean;
  /** undefined if the variable is not set or may not be read. */
  env(name: string): string | undefined;
  /** Wall clock in ms. */
  nowMs(): number;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Gives up every permission but these for the rest of the process. */
  keepPermissions(kept: readonly Permission[]): Promise<void>;
}

/** Pieces of a file are joined to about this length before they are written. */
const WRITE_CHARACTERS = 1 << 16;

type Sink = { writeSync(bytes: Uint8Array): number };

/** The real world. */
export function denoIo(): Io {
  return {
    readText: (path) => guard(path, "--allow-read", () => Deno.readTextFile(path)),
    listFolder: (path) => guard(path, "--allow-read", () => Promise.resolve(listFolder(path))),
    writeFile: (path, pieces) => guard(path, "--allow-write", () => writeAtomically(path, pieces)),
    checkWritable: (path) => guard(path, "--allow-write", () => checkWritable(path)),
    createFolder: (path) =>
      guard(path, "--allow-write", () => Deno.mkdir(path, { recursive: true })),
    print: (text) => write(Deno.stdout, text),
    printError: (text) => write(Deno.stderr, text),
    isErrorTerminal: Deno.stderr.isTerminal(),
    env: readEnv,
    nowMs: () => performance.now(),
    fetch: (url, init) => guard(url, "--allow-net", () => fetch(url, init)),
    keepPermissions,
  };
}

async function guard<T>(resource: string, permission: string, action: () => Promise<T>) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new AccessError(`No permission to access ${resource}`, {
        resource,
        permission,
        hint: `run with ${permission}`,
      });
    }
    throw new AccessError(`Cannot access ${resource}: ${reason(error)}`, { resource });
  }
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "the system denies it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "part of its path is no folder";
  return error instanceof Error ? error.message : String(error);
}

function listFolder(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort((a, b) => a < b ? -1 : 1);
}

async function writeAtomically(path: string, pieces: Iterable<string>): Promise<void> {
  const draft = draftOf(path);
  try {
    await writePieces(draft, pieces);
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  using file = await Deno.create(path);
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length < WRITE_CHARACTERS) continue;
    writeAll(file, text);
    text = "";
  }
  writeAll(file, text);
}

async function checkWritable(path: string): Promise<void> {
  const existing = await Deno.stat(path).catch(() => undefined);
  if (existing?.isDirectory) throw new Deno.errors.IsADirectory(path);
  await Deno.writeTextFile(draftOf(path), "");
  await Deno.remove(draftOf(path));
}

/** A hidden neighbour, so that the rename stays within one file system. */
function draftOf(path: string): string {
  const name = path.lastIndexOf("/") + 1;
  return `${path.slice(0, name)}.${path.slice(name)}.${Deno.pid}.tmp`;
}

function writeAll(sink: Sink, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length;) from += sink.writeSync(bytes.subarray(from));
}

function write(stream: Sink, text: string): void {
  try {
    writeAll(stream, text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function readEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

async function keepPermissions(kept: readonly Permission[]): Promise<void> {
  for (const name of ["read", "write", "net", "env", "run", "sys", "ffi"] as const) {
    if (!kept.some((permission) => permission === name)) await Deno.permissions.revoke({ name });
  }
}
