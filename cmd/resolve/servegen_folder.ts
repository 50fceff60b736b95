import { AccessError } from "../../sim/internal/errors.ts";
import type { ServegenFiles } from "../../workload/servegen/servegen.ts";
import type { Io } from "../io.ts";

/**
 * Reads a folder of ServeGen data into memory. A file that cannot be read is an error only when it
 * is asked for; a folder that cannot be listed is one at once.
 */
export async function readServegenFolder(folder: string, io: Io): Promise<ServegenFiles> {
  const names = (await io.listFolder(folder)).filter((name) => name.startsWith("chunk-"));
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  const contents = new Map<string, string | AccessError>();
  for (const name of names) contents.set(name, await readOrError(prefix + name, io));
  return {
    folder,
    list: () => names,
    read(name) {
      const content = contents.get(name) ?? missing(prefix + name);
      if (content instanceof AccessError) throw content;
      return content;
    },
  };
}

async function readOrError(path: string, io: Io): Promise<string | AccessError> {
  try {
    return await io.readText(path);
  } catch (error) {
    if (error instanceof AccessError) return error;
    throw error;
  }
}

function missing(path: string): AccessError {
  return new AccessError(`Cannot access ${path}: no such file or folder`, { resource: path });
}
