import { main } from "../../cmd/main.ts";
import type { FileDraft, Io, LineFile, Permission } from "../../cmd/io.ts";
import { AccessError } from "../../sim/internal/errors.ts";

/** Files by path, stdout and stderr as texts, and a clock that stands still. */
export class FakeIo implements Io {
  readonly files: Map<string, string>;
  /** Folders that exist besides the current one. */
  readonly folders: Set<string>;
  stdout = "";
  stderr = "";
  kept: readonly Permission[] | undefined;
  readonly isErrorTerminal: boolean = false;

  constructor(files: Readonly<Record<string, string>> = {}, folders: readonly string[] = []) {
    this.files = new Map(Object.entries(files));
    this.folders = new Set(folders);
  }

  readText(path: string): Promise<string> {
    const text = this.files.get(path);
    if (text !== undefined) return Promise.resolve(text);
    const message = `Cannot access ${path}: no such file or folder`;
    return Promise.reject(new AccessError(message, { resource: path }));
  }

  *readTextChunks(path: string): Generator<string, void> {
    const text = this.files.get(path);
    if (text === undefined) throw new AccessError(`Cannot access ${path}: no such file or folder`);
    for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
  }

  listFolder(path: string): Promise<string[]> {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const names = [...this.files.keys()].filter((file) => file.startsWith(prefix));
    if (names.length > 0 || this.folders.has(path)) {
      return Promise.resolve(names.map((file) => file.slice(prefix.length)).sort());
    }
    return Promise.reject(new AccessError(`Cannot access ${path}: no such file or folder`));
  }

  async writeFile(path: string, pieces: Iterable<string>): Promise<void> {
    await this.checkWritable(path);
    this.files.set(path, [...pieces].join(""));
  }

  async createFile(path: string): Promise<FileDraft> {
    await this.checkWritable(path);
    let text = "";
    return {
      write: (piece) => void (text += piece),
      commit: () => Promise.resolve(void this.files.set(path, text)),
      discard: () => Promise.resolve(),
    };
  }

  async openLines(path: string): Promise<LineFile> {
    await this.checkWritable(path);
    const lines = (this.files.get(path) ?? "").split("\n").slice(0, -1);
    const store = (more: readonly string[]) =>
      void this.files.set(path, [...lines, ...more].map((line) => `${line}\n`).join(""));
    store([]);
    const added: string[] = [];
    return {
      lines,
      append(line) {
        added.push(line);
        store(added);
      },
      close: () => {},
    };
  }

  checkWritable(path: string): Promise<void> {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (folder === "" || this.folders.has(folder)) return Promise.resolve();
    return Promise.reject(new AccessError(`Cannot access ${path}: no such file or folder`));
  }

  createFolder(path: string): Promise<void> {
    this.folders.add(path);
    return Promise.resolve();
  }

  realPath(path: string): Promise<string> {
    return Promise.resolve(path.replace(/^\.\//, ""));
  }

  print(text: string): void {
    this.stdout += text;
  }

  printError(text: string): void {
    this.stderr += text;
  }

  env(_name: string): string | undefined {
    return undefined;
  }

  nowMs(): number {
    return 0;
  }

  fetch(_url: string, _init?: RequestInit): Promise<Response> {
    return Promise.reject(new AccessError("No network in tests"));
  }

  keepPermissions(kept: readonly Permission[]): Promise<void> {
    this.kept = kept;
    return Promise.resolve();
  }
}

/** What a command line leaves behind. */
export interface Outcome {
  readonly code: number;
  readonly io: FakeIo;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in process. */
export async function blis(args: readonly string[], io = new FakeIo()): Promise<Outcome> {
  const code = await main(args, io);
  return { code, io, stdout: io.stdout, stderr: io.stderr };
}

/** Runs a command line written as one text, without quotes. */
export function blisLine(line: string, io?: FakeIo): Promise<Outcome> {
  return blis(line.split(" ").filter((word) => word !== ""), io);
}
