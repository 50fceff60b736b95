import { ConfigError } from "../../sim/internal/errors.ts";
import { lineError, readLine, type SweepLine } from "./line.ts";

/** A line of a file of results and the text that it was read from. */
export interface StoredLine {
  readonly text: string;
  readonly line: SweepLine;
}

/** The lines of a file of results. A line without an end is not finished and does not count. */
export function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

/** Throws a ConfigError if there is not one run in all these files. */
export function requireRuns({ numRuns }: SweepResults, files: readonly string[]): void {
  if (numRuns > 0) return;
  const hint = "give what `blis sweep` wrote to its --out";
  throw new ConfigError(`No runs in ${files.join(", ")}`, { hint });
}

/** Runs of one sweep by their place in it, gathered from one or more files. */
export class SweepResults {
  /** Digest of the sweep; "" while there are no lines. */
  sweep = "";
  /** Runs of the whole sweep; 0 while there are no lines. */
  numRuns = 0;
  readonly #runs = new Map<number, StoredLine & { readonly file: string }>();

  /** Adds the lines of a file. Throws a ConfigError at one that is none, is double or of another sweep. */
  add(texts: readonly string[], file: string): void {
    texts.forEach((text, i) => {
      const line = readLine(text, file, i + 1);
      const fail = (message: string, hint?: string) =>
        lineError({ file, number: i + 1 }, message, hint);
      this.#requireSameSweep(line, file, fail);
      const other = this.#runs.get(line.run)?.file;
      if (other !== undefined) {
        const hint = "name each part once, and give each shard a file of its own";
        throw fail(`Run ${line.run} is there twice: it stands in ${other} too`, hint);
      }
      this.#runs.set(line.run, { text, line, file });
    });
  }

  has(run: number): boolean {
    return this.#runs.has(run);
  }

  get size(): number {
    return this.#runs.size;
  }

  /** All lines, in the order of the runs. */
  sorted(): StoredLine[] {
    return [...this.#runs.values()].sort((a, b) => a.line.run - b.line.run);
  }

  /** The runs of the sweep that are not there, ascending. */
  missing(): number[] {
    return Array.from({ length: this.numRuns }, (_, run) => run).filter((run) => !this.has(run));
  }

  #requireSameSweep(
    { sweep, run, runs }: SweepLine,
    file: string,
    fail: (message: string, hint?: string) => ConfigError,
  ): void {
    if (run >= runs) throw fail(`Cannot use run ${run} of ${runs}: runs count from 0`);
    if (this.numRuns === 0) {
      this.sweep = sweep;
      this.numRuns = runs;
    } else if (this.sweep !== sweep || this.numRuns !== runs) {
      const hint = "a change of the sweep file, of what it names or of the program makes another";
      const { file: first } = this.#runs.values().next().value!;
      const message = first === file
        ? `The file ${file} holds runs of different sweeps`
        : `Cannot join ${file} and ${first}: they are of different sweeps`;
      throw fail(message, hint);
    }
  }
}
