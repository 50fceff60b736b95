import { z } from "zod";
import { presetToSpec } from "../../workload/presets.ts";
import { command } from "../cli.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { findNamedWorkload, scenarioWorkload } from "../resolve/named_workload.ts";
import { workloadText } from "./workload_text.ts";

const options = z.strictObject({
  name: z.string().min(1).meta({ placeholder: "name" })
    .describe("chatbot, contentgen, …, or bursty, unfair, prefix-heavy, mixed-slo"),
  rate: z.number().positive().default(1).describe("requests per second"),
  numRequests: z.int().positive().default(100).describe("requests"),
  defaultsFilepath: z.string().min(1).optional().meta({ placeholder: "path" })
    .describe("defaults file with a workloads section, instead of the built-in one"),
});

/** `blis convert preset`: prints a named workload as a file to start from. */
export const convertPreset = command({
  name: "convert preset",
  summary: "Print a named workload as a workload file",
  options,
  examples: [
    ["--name chatbot --rate 10 > chatbot.yaml", "A file to change and to run"],
    ["--name mixed-slo --num-requests 500", "Three clients of different SLO classes"],
  ],
  permissions: () => ["read"],
  async run({ values }, { io }) {
    const { name, rate: ratePerSecond, numRequests } = values;
    const defaults = await openDefaults(values.defaultsFilepath, io);
    const named = findNamedWorkload(name, defaults, { flag: "--name", otherNames: [] });
    const load = { ratePerSecond, numRequests };
    const spec = "preset" in named
      ? presetToSpec(name, named.preset, load)
      : scenarioWorkload(named.clients, { seed: 0n, ...load });
    io.print(workloadText(spec, `preset ${name}`));
    return 0;
  },
});
