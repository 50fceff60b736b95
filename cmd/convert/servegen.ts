import { z } from "zod";
import { onlyPeriod, PERIOD_NAMES, servegenToSpec } from "../../workload/servegen/servegen.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import { command } from "../cli.ts";
import { readServegenFolder } from "../resolve/servegen_folder.ts";
import { workloadText } from "./workload_text.ts";

const options = z.strictObject({
  path: z.string().min(1).meta({ placeholder: "folder" })
    .describe("folder of chunk-*-trace.csv and chunk-*-dataset.json"),
  windowDurationSeconds: z.int().positive().default(600).describe("length of a period in s"),
  drainTimeoutSeconds: z.int().nonnegative().default(180).describe("pause after a period in s"),
  time: z.enum(["", ...PERIOD_NAMES]).default("")
    .describe("only this period of the day; by default all three, one after the other"),
});

/** `blis convert servegen`: prints the workload that measured ServeGen data describe. */
export const convertServegen = command({
  name: "convert servegen",
  summary: "Print measured ServeGen data as a workload file",
  options,
  examples: [
    ["--path data/language > day.yaml", "Midnight, morning and afternoon of a language service"],
    ["--path data/language --time morning > morning.yaml", "One of them"],
  ],
  permissions: () => ["read"],
  async run({ values }, { io, diagnostics }) {
    const { path, time } = values;
    const { spec, warnings } = servegenToSpec(await readServegenFolder(path, io), {
      windowSeconds: values.windowDurationSeconds,
      drainSeconds: values.drainTimeoutSeconds,
    });
    for (const warning of warnings) diagnostics.warn(warning);
    const wanted = time === "" ? spec : onlyPeriod(spec, time);
    const text = workloadText(wanted, `the workload made from ${path}`);
    const startUs = firstArrivalUs(wanted);
    if (startUs > 0) {
      diagnostics.warn(
        `Nothing arrives in the first ${startUs / 1e6} s: periods keep their times`,
        "lower start_time_us of each spike by as much",
      );
    }
    io.print(text);
    return 0;
  },
});

function firstArrivalUs({ cohorts }: WorkloadSpec): number {
  return Math.min(...cohorts.map(({ spike }) => spike?.startTimeUs ?? 0));
}
