/** Counts the recorded values that the program reproduced, and keeps the first that it did not. */
export class Tally {
  passed = 0;
  failed = 0;
  readonly failures: string[] = [];

  /** Records one comparison; `what` names it for the failure list. */
  check(ok: boolean, what: () => string): void {
    if (ok) this.passed++;
    else {
      this.failed++;
      if (this.failures.length < 20) this.failures.push(what());
    }
  }

  /** Compares by Object.is after JSON round trip for objects. */
  equal(got: unknown, want: unknown, what: string): void {
    const same = Object.is(got, want) || JSON.stringify(got) === JSON.stringify(want);
    this.check(same, () => `${what}: want ${JSON.stringify(want)} got ${JSON.stringify(got)}`);
  }
}

/** One kind of recorded output; `folder` is the folder of that kind, e.g. `<goldens>/rng`. */
export type GoldenSuite = (folder: string, tally: Tally) => Promise<void>;

/** Reads `<folder>/<name>` or, where that is missing, its gzipped form `<name>.gz`. */
export async function readGolden(folder: string, name: string): Promise<string> {
  try {
    return await Deno.readTextFile(`${folder}/${name}`);
  } catch {
    const file = await Deno.open(`${folder}/${name}.gz`);
    return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
  }
}

/** Names of the files in a folder, without a trailing `.gz`, sorted. */
export function listGoldens(folder: string): string[] {
  const names = [...Deno.readDirSync(folder)].filter((e) => e.isFile).map((e) => e.name);
  return [...new Set(names.map((n) => n.replace(/\.gz$/, "")))].sort();
}
