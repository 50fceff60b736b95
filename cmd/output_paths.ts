import type { z } from "zod";
import { UsageError } from "../sim/internal/errors.ts";
import { flagName, metaOf } from "./flag_meta.ts";
import type { Io } from "./io.ts";

/** Placeholders of flags that name files. */
const FILE_PLACEHOLDERS: readonly unknown[] = ["path", "file"];
/** Takes any number of outputs and keeps none. */
const NOWHERE = "/dev/null";

/** A path as written, and who names it. */
interface NamedPath {
  readonly key: string;
  readonly path: string;
}

/**
 * Throws a UsageError if a command would write over a file that it reads, or write one file twice.
 * What a flag reads and writes is known from its declaration.
 */
export async function checkOutputPaths(
  options: z.ZodObject,
  values: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const keys = Object.keys(options.shape).filter((key) => values[key] !== undefined);
  const outputs = keys.flatMap((key) =>
    metaOf(options, key).writes?.map((ending) => ({ key, path: `${values[key]}${ending}` })) ?? []
  );
  if (outputs.length === 0) return;
  const uses = new Map<string, string>();
  for (const { key, path } of keys.flatMap((key) => inputs(options, key, values[key]))) {
    const { argument } = metaOf(options, key);
    const reader = argument ? "the command" : `--${flagName(options, key)}`;
    uses.set(await io.realPath(path), `${reader} reads`);
  }
  for (const { key, path } of outputs) {
    const real = await io.realPath(path);
    const flag = `--${flagName(options, key)}`;
    const use = uses.get(real);
    if (use !== undefined && real !== NOWHERE) {
      const message = `${flag} would write over ${path}, which ${use}`;
      throw new UsageError(message, { flag, hint: "give another path" });
    }
    uses.set(real, `${flag} writes too`);
  }
}

function inputs(options: z.ZodObject, key: string, value: unknown): NamedPath[] {
  const { placeholder, writes } = metaOf(options, key);
  if (writes !== undefined || !FILE_PLACEHOLDERS.includes(placeholder)) return [];
  const paths: readonly unknown[] = Array.isArray(value) ? value : [value];
  return paths.map((path) => ({ key, path: String(path) }));
}
