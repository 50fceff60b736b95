import { z } from "zod";
import { embeddedDefaults } from "../../data/mod.ts";
import { parseDocument, toYaml } from "../../sim/internal/document.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { compose } from "../../workload/compose.ts";
import { inferencePerfToSpec } from "../../workload/inference_perf.ts";
import { loadWorkload } from "../../workload/load.ts";
import { type Preset, preset, presetToSpec } from "../../workload/presets.ts";
import {
  onlyPeriod,
  type ServegenFiles,
  servegenToSpec,
} from "../../workload/servegen/servegen.ts";
import type { WorkloadSpec } from "../../workload/spec.ts";
import { checkSpec, specToFile } from "../../workload/spec_file.ts";
import { listGoldens, readGolden, type Tally } from "./harness.ts";

/** Makes a spec as a recorded command did. */
type Make = (texts: Texts) => WorkloadSpec;

/** The texts of a folder of goldens by their path. */
type Texts = ReadonlyMap<string, string>;

const PRESET_FLAGS: Readonly<Record<string, [ratePerSecond: number, numRequests: number]>> = {
  "chatbot.default-flags": [1, 100],
  "chatbot.rate0.1": [0.1, 7],
  "chatbot.rate1e6": [1e6, 7],
  "chatbot.rate10-n100": [10, 100],
  "contentgen.rate10-n100": [10, 100],
  "multidoc.rate10-n100": [10, 100],
  "summarization.rate10-n100": [10, 100],
};
const COMPOSED: Readonly<Record<string, readonly number[]>> = {
  "02+03+13": [2, 3, 13],
  "02+12": [2, 12],
  "02+18": [2, 18],
  "18+18": [18, 18],
  "20+14+16": [20, 14, 16],
  "21-absolute": [21, 2],
  "22-only-cohorts": [22],
  "23-cohorts-dropped": [23],
  "26-ip": [26],
  "29-v1": [29],
};
const TWO_MINUTES = { windowSeconds: 120, drainSeconds: 0 };
const DEFAULT_LENGTHS = { windowSeconds: 600, drainSeconds: 180 };

/** The presets that the program carries. */
export function embeddedPresets(): Readonly<Record<string, Preset>> {
  const schema = z.object({ workloads: z.record(z.string(), preset) });
  return parseDocument(embeddedDefaults(), "defaults.yaml").decode(schema).workloads;
}

/** Recorded outputs of `convert` and `compose`: equal values, or an error where there was one. */
export async function checkConversions(folder: string, tally: Tally): Promise<void> {
  const texts = await readTexts(folder);
  for (const [name, make] of conversions()) {
    const want = texts.get(`convert/${name}.yaml`);
    if (want !== undefined) {
      const got = toYaml(specToFile(make(texts)));
      compareValues(valuesOf(got), valuesOf(want), { name, tally });
    } else tally.check(fails(() => make(texts)), () => `${name}: accepted`);
  }
}

function conversions(): [name: string, make: Make][] {
  const presets = Object.entries(PRESET_FLAGS).map(([name, [ratePerSecond, numRequests]]) => {
    const preset = name.split(".")[0]!;
    const load = { ratePerSecond, numRequests };
    const make: Make = () => presetToSpec(preset, embeddedPresets()[preset]!, load);
    return [`preset-${name}`, make] as [string, Make];
  });
  const compositions = Object.entries(COMPOSED).map(([name, numbers]) => {
    const make: Make = (texts) => {
      const spec = compose(numbers.map((number) => specOf(texts, number)));
      checkSpec(spec, "the composed workload");
      return spec;
    };
    return [`compose.${name}`, make] as [string, Make];
  });
  const blocks = ([
    ["26-inference-perf-single-stage", 26],
    ["27-inference-perf-two-stages", 27],
    ["28-inference-perf-multi-turn", 28],
  ] as const).map(([name, number]) => {
    const make: Make = (texts) => {
      const spec = specOf(texts, number);
      return inferencePerfToSpec(spec, spec.inferencePerf!);
    };
    return [`ip.${name}`, make] as [string, Make];
  });
  return [
    ...presets,
    ...compositions,
    ...blocks,
    ["servegen-language.default", (texts) => convert(texts, "servegen-language")],
    [
      "servegen-language.w120-d0-morning",
      (texts) => onlyPeriod(convert(texts, "servegen-language", TWO_MINUTES), "morning"),
    ],
    ["servegen-reasoning.default", (texts) => convert(texts, "servegen-reasoning")],
    [
      "servegen-reasoning.time-midnight",
      (texts) => onlyPeriod(convert(texts, "servegen-reasoning"), "midnight"),
    ],
    ["servegen-shape-zero.default", (texts) => convert(texts, "servegen-shape-zero")],
    ["servegen-missing", (texts) => convert(texts, "no-such-dir")],
  ];
}

function convert(texts: Texts, folder: string, lengths = DEFAULT_LENGTHS): WorkloadSpec {
  const path = `convert/${folder}/`;
  const files: ServegenFiles = {
    folder,
    list: () =>
      [...texts.keys()].filter((k) => k.startsWith(path)).map((k) => k.slice(path.length)),
    read: (name) => texts.get(path + name)!,
  };
  const { spec } = servegenToSpec(files, lengths);
  checkSpec(spec, "the converted workload");
  return spec;
}

function specOf(texts: Texts, number: number): WorkloadSpec {
  const prefix = String(number).padStart(2, "0");
  const path = [...texts.keys()].find((key) => key.startsWith(prefix) && key.endsWith(".yaml"))!;
  return loadWorkload(texts.get(path)!, path).spec;
}

async function readTexts(folder: string): Promise<Texts> {
  const texts = new Map<string, string>();
  const subfolders = [
    "convert",
    ...["language", "reasoning", "shape-zero"]
      .map((name) => `convert/servegen-${name}`),
  ];
  for (const subfolder of ["", ...subfolders]) {
    const path = subfolder === "" ? folder : `${folder}/${subfolder}`;
    for (const name of listGoldens(path)) {
      const key = subfolder === "" ? name : `${subfolder}/${name}`;
      if (!name.endsWith(".stderr")) texts.set(key, await readGolden(path, name));
    }
  }
  return texts;
}

function fails(action: () => unknown): boolean {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return true;
    throw error;
  }
  return false;
}

function valuesOf(yaml: string): unknown {
  return parseDocument(yaml, "spec.yaml").decode(z.unknown());
}

/** Compares keys and values; numbers to 1e-12 of their size. */
function compareValues(
  got: unknown,
  want: unknown,
  where: { readonly name: string; readonly tally: Tally },
): void {
  const { name, tally } = where;
  if (typeof got === "number" && typeof want === "number") {
    const isClose = Math.abs(got - want) <= 1e-12 * Math.abs(want);
    return tally.check(isClose, () => `${name}: want ${want} got ${got}`);
  }
  if (typeof got !== "object" || typeof want !== "object" || got === null || want === null) {
    return tally.equal(got, want, name);
  }
  const [keys, wanted] = [Object.keys(got).sort(), Object.keys(want).sort()];
  tally.equal(keys, wanted, `${name} keys`);
  for (const key of wanted) {
    const child = { name: `${name}.${key}`, tally };
    compareValues(Reflect.get(got, key), Reflect.get(want, key), child);
  }
}
