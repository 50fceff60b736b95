import { AccessError } from "../../sim/internal/errors.ts";
import { loadWorkload } from "../../workload/load.ts";
import type { ServegenFiles } from "../../workload/servegen/servegen.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import type { Context } from "../cli.ts";
import { readServegenFolder } from "./servegen_folder.ts";

/** Reads a workload file and says on stderr what it should say differently. */
export async function readWorkload(path: string, context: Context): Promise<WorkloadSpec> {
  const { spec, warnings } = loadWorkload(await context.io.readText(path), path);
  for (const warning of warnings) context.diagnostics.warn(warning);
  return spec;
}

/** A spec of the file at `path` with the ServeGen data that it names, if it names any. */
export async function withServegenData(
  spec: WorkloadSpec,
  path: string,
  context: Context,
): Promise<WorkloadSpec> {
  if (spec.servegenData === undefined) return spec;
  // Loaded only here: most runs need neither it nor the CSV reader behind it.
  const { expandServegen } = await import("../../workload/servegen/servegen.ts");
  const folder = spec.servegenData.path;
  // Beside cohorts the data have no effect, so that they need not exist.
  const files = spec.cohorts.length === 0 ? await findServegen(folder, path, context) : undefined;
  const { spec: expanded, warnings } = expandServegen(spec, () => files!);
  for (const warning of warnings) context.diagnostics.warn(warning);
  return expanded;
}

/** A relative folder lies beside the file that names it, or else below the current folder. */
async function findServegen(
  folder: string,
  path: string,
  { io }: Context,
): Promise<ServegenFiles> {
  const place = path.slice(0, path.lastIndexOf("/") + 1);
  if (place === "" || folder.startsWith("/")) return await readServegenFolder(folder, io);
  try {
    return await readServegenFolder(place + folder, io);
  } catch (error) {
    if (!(error instanceof AccessError) || error.permission !== undefined) throw error;
    return await readServegenFolder(folder, io);
  }
}
