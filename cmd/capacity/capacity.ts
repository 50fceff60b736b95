import { z } from "zod";
import { UsageError } from "../../sim/internal/errors.ts";
import {
  type GpuPrices,
  priceOptions,
  readPrices,
  warnOfUnusedPrices,
} from "../check/gpu_prices.ts";
import { command, grouped } from "../cli.ts";
import { isUserError } from "../diagnostics.ts";
import { checkDeploymentFlags, checkWorkloadFlags } from "../flag_rules.ts";
import { type Flags, kebabCase } from "../flag_values.ts";
import { deploymentFlags, workloadOptions } from "../options.ts";
import { partOption } from "../part_option.ts";
import { modelPermissions } from "../resolve/model_files.ts";
import { outputPermissions } from "../simulate.ts";
import { gateOptions, readSlos } from "../slo_options.ts";
import {
  type Capacity,
  DEFAULT_MOST,
  type FindBounds,
  findCapacity,
  QUANTITIES,
  type Quantity,
} from "./find.ts";
import { type Axis, configurations, readAxes } from "./over_option.ts";
import { type ProbeInput, Prober } from "./probe.ts";
import { type ConfigurationResult, rank, rankJson, rankText } from "./rank.ts";
import { capacityJson, capacityText } from "./report.ts";
import { capacitySvg } from "./svg.ts";

/** Flags that a search sets itself. */
const SEARCHED: Readonly<Record<Quantity, readonly string[]>> = {
  rate: [],
  instances: ["numInstances"],
  tp: ["tp"],
  gpus: ["numInstances", "tp"],
};

const POSITIVE = [(part: number) => part > 0, "it must be > 0"] as const;

const options = z.strictObject({
  ...workloadOptions,
  ...deploymentFlags.shape,
  ...gateOptions,
  ...grouped("Capacity", {
    find: z.enum(QUANTITIES).default("rate")
      .describe("what to look for: the largest rate, or the smallest fleet for the rate given"),
    most: z.number().positive().optional().describe("the largest value to try")
      .meta({ initial: "10000 requests/s, 64 instances, tp 8 or 64 GPUs" }),
    precision: partOption("1%").refine(...POSITIVE).describe("how exact a rate is to be"),
    duration: z.number().positive().default(600)
      .describe(
        "simulated seconds of arrivals for which an answer holds, unless --num-requests, " +
          "--horizon or a file say",
      ),
    seeds: z.int().positive().default(1).describe("runs of each value; the worst counts"),
    over: z.array(z.string()).default([]).meta({ placeholder: "flag=value,…" })
      .describe(
        "ranks configurations by cost: a flag of the deployment and its values, as in " +
          "hardware=H100,L40S or tp=1,2; all combinations if it is given several times",
      ),
  }),
  ...priceOptions,
  ...grouped("Output", {
    output: z.enum(["text", "json"]).default("text").describe("what stdout gets"),
    svg: z.string().min(1).optional().meta({ placeholder: "path", writes: [""] })
      .describe("SVG file with the curve of each SLO"),
  }),
}).check(checkDeploymentFlags, checkWorkloadFlags)
  .refine(
    ({ find, most }) => find === "rate" || most === undefined || Number.isInteger(most),
    { path: ["most"], message: "it must be a whole number" },
  ).refine(
    ({ find, concurrency }) => find !== "rate" || concurrency === 0,
    {
      path: ["concurrency"],
      message: "The users of --concurrency have no rate to vary",
      params: { hint: "use --find instances, tp or gpus" },
    },
  );

/** `blis capacity`: the largest load, or the smallest fleet, that holds the SLOs. */
export const capacity = command({
  name: "capacity",
  summary: "Find the largest rate, or the smallest fleet, that holds the SLOs",
  options,
  examples: [
    [
      '--model qwen/qwen3-14b --slo "ttft.p99<300ms" --slo "itl.p95<25ms"',
      "The largest rate of one instance",
    ],
    [
      '--model qwen/qwen3-14b --find instances --rate 40 --slo "ttft.p99<300ms" --svg curve.svg',
      "The fewest instances for a rate, with a picture",
    ],
    [
      '--model qwen/qwen3-14b --slo "ttft.p99<300ms" --over hardware=H100,L40S --over tp=1,2',
      "Which GPUs are the cheapest",
    ],
  ],
  permissions: ({ values }) => [
    ...outputPermissions(values.svg),
    ...modelPermissions(values),
  ],
  async run(flags, context) {
    const { values } = flags;
    const { io, diagnostics } = context;
    diagnostics.level = values.log;
    const prices = await readPrices(values, io);
    refuseSearched(flags);
    const targets = await readSlos(values, io);
    const settings = { targets, numSeeds: values.seeds, durationS: values.duration };
    const input = { flags, settings, context };
    return values.over.length === 0
      ? await findOne(flags, input, prices)
      : await findOver(flags, input, prices);
  },
});

type CapacityFlags = Flags<z.output<typeof options>>;

/** What is looked for cannot be given as well. */
function refuseSearched({ values: { find }, given }: CapacityFlags): void {
  const searched = SEARCHED[find].find((key) => given.has(key));
  if (searched === undefined) return;
  const flag = `--${kebabCase(searched)}`;
  throw new UsageError(`Cannot use ${flag} and --find ${find} together`, {
    flag,
    hint: "--most bounds the search",
  });
}

async function findOne(
  { values }: CapacityFlags,
  input: ProbeInput,
  prices: GpuPrices,
): Promise<number> {
  const { find, output, svg } = values;
  const { io, diagnostics } = input.context;
  if (svg !== undefined) await io.checkWritable(svg);
  const prober = await Prober.create(input);
  const found = await findCapacity(find, prober, boundsOf(values, true));
  if (found.contradiction !== undefined) {
    const { fails, holds } = found.contradiction;
    diagnostics.warn(
      `The SLOs do not get harder step by step: ${find} ${fails.x} fails, ${holds.x} holds`,
      "--seeds and --duration make a curve smoother",
    );
  }
  warnOfUnusedPrices(values, gpusOf([found]), diagnostics);
  if (svg !== undefined) await io.writeFile(svg, [capacitySvg(found)]);
  io.print(output === "json" ? capacityJson(found, prices) : capacityText(found, prices));
  if (found.best !== undefined) return 0;
  io.printError(`check failed: ${noneText(values)} holds the SLOs\n`);
  return 1;
}

async function findOver(
  { values }: CapacityFlags,
  input: ProbeInput,
  prices: GpuPrices,
): Promise<number> {
  const { find, output } = values;
  const results: ConfigurationResult[] = [];
  const errors: unknown[] = [];
  for (const { flags, parameters } of configurations(input.flags, axesOf(values))) {
    try {
      const prober = await Prober.create({ ...input, flags });
      const capacity = await findCapacity(find, prober, boundsOf(values, false));
      results.push({ parameters, capacity, error: "" });
    } catch (error) {
      if (!isUserError(error)) throw error;
      errors.push(error);
      results.push({ parameters, capacity: undefined, error: error.message });
    }
  }
  if (errors.length === results.length) throw errors[0];
  const ranked = rank(results, prices);
  const { io, diagnostics } = input.context;
  const found = results.flatMap(({ capacity }) => capacity ?? []);
  warnOfUnusedPrices(values, gpusOf(found), diagnostics);
  io.print(output === "json" ? rankJson(find, ranked, prices) : rankText(find, ranked));
  if (ranked.some(({ answer }) => answer !== undefined)) return 0;
  io.printError(`check failed: ${noneText(values)} of any configuration holds the SLOs\n`);
  return 1;
}

/** GPUs of all that was tried. */
function gpusOf(found: readonly Capacity[]): string[] {
  return found.flatMap(({ curve }) => curve.flatMap(({ deployment }) => deployment?.gpu ?? []));
}

function noneText({ find, most = DEFAULT_MOST[find] }: CapacityFlags["values"]): string {
  const name = { rate: "rate", instances: "number of instances", tp: "tp", gpus: "number of GPUs" };
  return `no ${name[find]} up to ${most}`;
}

/** What is looked for cannot be varied as well. */
function axesOf({ find, over, svg }: CapacityFlags["values"]): Axis[] {
  const axes = readAxes(over);
  const taken = axes.find(({ key }) => SEARCHED[find].includes(key));
  if (taken !== undefined) {
    const flag = "--over";
    throw new UsageError(`Cannot vary ${kebabCase(taken.key)} with --find ${find}`, { flag });
  }
  if (svg !== undefined) {
    throw new UsageError("Cannot use --svg and --over together", { flag: "--svg" });
  }
  return axes;
}

function boundsOf({ most, precision }: CapacityFlags["values"], drawsCurve: boolean): FindBounds {
  return { most, precision, drawsCurve };
}
