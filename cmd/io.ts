import { AccessError } from "../sim/internal/errors.ts";

/** Kinds of access that a command may need beyond printing. */
export type Permission = "read" | "write" | "net" | "env";

/**
 * All that the program asks of the world outside. File and network methods throw an AccessError
 * that names what could not be reached and the permission that is missing, if one is.
 */
export interface Io {
  readText(path: string): Promise<string>;
  /** The text of a file in pieces, read as they are asked for. */
  readTextChunks(path: string): Iterable<string>;
  /** Names in a folder, sorted. */
  listFolder(path: string): Promise<string[]>;
  /**
   * Writes a file from its pieces or, on failure, nothing: under another name, then renamed. A pipe
   * or a device takes them as they come.
   */
  writeFile(path: string, pieces: Iterable<string>): Promise<void>;
  /** Begins a file that is written while something runs; it appears when it is committed. */
  createFile(path: string): Promise<FileDraft>;
  /**
   * Opens a file of lines to add to it, making it if there is none; nobody else may add to it
   * meanwhile. What a write that was cut short left at its end is dropped.
   */
  openLines(path: string): Promise<LineFile>;
  /** Throws unless `writeFile` could make this file; leaves nothing behind. */
  checkWritable(path: string): Promise<void>;
  createFolder(path: string): Promise<void>;
  /** The same text for all spellings of a path to one file, be it there or not. */
  realPath(path: string): Promise<string>;
  /** Writes to stdout; a reader that has gone away is no error. */
  print(text: string): void;
  /** Writes to stderr; what does not go there is lost, since nobody is left to tell. */
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

/** A file being written under another name. */
export interface FileDraft {
  write(text: string): void;
  /** Gives the file its name. */
  commit(): Promise<void>;
  /** Leaves nothing behind; does nothing after a commit. */
  discard(): Promise<void>;
}

/** A file that is added to line by line, so that a process that dies loses no whole line. */
export interface LineFile {
  /** The lines that it had when it was opened. */
  readonly lines: readonly string[];
  append(line: string): void;
  close(): void;
}

/** Length of the pieces in which a file is read. */
const READ_BYTES = 1 << 18;
/** Pieces of a file are joined to about this length before they are written. */
const WRITE_CHARACTERS = 1 << 16;
const LF = 10;

type Sink = { writeSync(bytes: Uint8Array): number };

/** The real world. */
export function denoIo(): Io {
  return {
    readText: (path) => guard(path, "--allow-read", () => Deno.readTextFile(path)),
    readTextChunks,
    listFolder: (path) => guard(path, "--allow-read", () => Promise.resolve(listFolder(path))),
    writeFile: writeAtomically,
    createFile,
    openLines: (path) => guard(path, "--allow-write", () => openLines(path)),
    checkWritable: (path) => guard(path, "--allow-write", () => checkWritable(path)),
    createFolder: (path) =>
      guard(path, "--allow-write", () => Deno.mkdir(path, { recursive: true })),
    realPath,
    print,
    printError,
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
    throw accessError(resource, permission, error);
  }
}

/** The same for what must not wait. */
function guardSync<T>(resource: string, permission: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw accessError(resource, permission, error);
  }
}

function accessError(resource: string, permission: string, error: unknown): AccessError {
  if (!(error instanceof Deno.errors.NotCapable)) {
    return new AccessError(`Cannot access ${resource}: ${reason(error)}`, { resource });
  }
  // For most of /dev and /proc the runtime wants more than a program should be given.
  if (error.message.includes("--allow-all")) {
    const hint = "give the path of a file on a disk";
    return new AccessError(`Cannot access ${resource}: it is no regular file`, { resource, hint });
  }
  const hint = `run with ${permission}`;
  return new AccessError(`No permission to access ${resource}`, { resource, permission, hint });
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "the system denies it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "part of its path is no folder";
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") {
    return "no space is left";
  }
  return error instanceof Error ? error.message : String(error);
}

function* readTextChunks(path: string): Generator<string, void> {
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(READ_BYTES);
  try {
    using file = Deno.openSync(path);
    for (let count = file.readSync(bytes); count !== null; count = file.readSync(bytes)) {
      yield decoder.decode(bytes.subarray(0, count), { stream: true });
    }
  } catch (error) {
    throw accessError(path, "--allow-read", error);
  }
  yield decoder.decode();
}

function listFolder(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort((a, b) => a < b ? -1 : 1);
}

async function writeAtomically(path: string, pieces: Iterable<string>): Promise<void> {
  const file = await createFile(path);
  try {
    for (const piece of pieces) file.write(piece);
    await file.commit();
  } finally {
    await file.discard();
  }
}

async function createFile(path: string): Promise<FileDraft> {
  const isReplaced = await guard(path, "--allow-write", () => takesDraft(path));
  const draft = isReplaced ? draftOf(path) : path;
  const file = await guard(path, "--allow-write", () => Deno.create(draft));
  const writePieces = (pieces: string) =>
    guardSync(path, "--allow-write", () => writeAll(file, pieces));
  let isOpen = true;
  let text = "";
  const close = () => {
    if (isOpen) file.close();
    isOpen = false;
  };
  return {
    write(piece) {
      text += piece;
      if (text.length < WRITE_CHARACTERS) return;
      writePieces(text);
      text = "";
    },
    async commit() {
      writePieces(text);
      close();
      if (isReplaced) await guard(path, "--allow-write", () => Deno.rename(draft, path));
    },
    async discard() {
      close();
      if (isReplaced) await Deno.remove(draft).catch(() => {});
    },
  };
}

async function openLines(path: string): Promise<LineFile> {
  const file = await Deno.open(path, { read: true, write: true, create: true });
  // Some network file systems know no locks.
  if (!await file.tryLock(true).catch(() => true)) {
    file.close();
    throw new Error("another process is adding to it");
  }
  const bytes = await Deno.readFile(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf(LF) + 1);
  await file.truncate(whole.length);
  await file.seek(0, Deno.SeekMode.End);
  return {
    lines: new TextDecoder().decode(whole).split("\n").slice(0, -1),
    append: (line) => guardSync(path, "--allow-write", () => writeAll(file, `${line}\n`)),
    close: () => file.close(),
  };
}

async function checkWritable(path: string): Promise<void> {
  if (!await takesDraft(path)) return;
  await Deno.writeTextFile(draftOf(path), "");
  await Deno.remove(draftOf(path));
}

/** False for a pipe or a device, which cannot be replaced by a file. */
async function takesDraft(path: string): Promise<boolean> {
  const existing = await Deno.stat(path).catch(() => undefined);
  if (existing?.isDirectory) throw new Deno.errors.IsADirectory(path);
  return existing === undefined || existing.isFile;
}

async function realPath(path: string): Promise<string> {
  const name = path.lastIndexOf("/") + 1;
  const inFolder = (folder: string) => `${folder}/${path.slice(name)}`;
  return await Deno.realPath(path)
    .catch(() => Deno.realPath(path.slice(0, name) || ".").then(inFolder))
    .catch(() => path);
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

function print(text: string): void {
  try {
    writeAll(Deno.stdout, text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw accessError("stdout", "", error);
  }
}

function printError(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch {
    // The result and the exit code are still worth having.
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
