import { type HardwareConfig, hardwareConfig, readHardware } from "../../sim/hardware.ts";
import { isJsonObject, parseJsonObject } from "../../sim/internal/json_object.ts";

/** A figure of a GPU. */
export type HardwareFigure = keyof HardwareConfig;

/** The figures of a GPU, in the order in which they are shown. */
export const HARDWARE_FIGURES = Object.keys(hardwareConfig.shape) as HardwareFigure[];

/** All GPUs of a hardware file by name, in its order. Throws a ConfigError if it is unreadable. */
export function readGpus(text: string, file: string): ReadonlyMap<string, HardwareConfig> {
  const names = Object.keys(entriesOf(text, file));
  return new Map(names.map((name) => [name, readHardware(text, name, file)]));
}

/** Which figures of each GPU the file calls estimates: the names in its list `estimated`. */
export function readEstimates(
  text: string,
  file: string,
): ReadonlyMap<string, ReadonlySet<HardwareFigure>> {
  const entries = Object.entries(entriesOf(text, file));
  return new Map(entries.map(([name, { estimated }]) => [name, figuresIn(estimated)]));
}

function entriesOf(text: string, file: string): Record<string, Record<string, unknown>> {
  const entries = Object.entries(parseJsonObject(text, "the hardware table", file));
  return Object.fromEntries(
    entries.flatMap(([name, entry]) => isJsonObject(entry) ? [[name, entry]] : []),
  );
}

function figuresIn(estimated: unknown): ReadonlySet<HardwareFigure> {
  const names = Array.isArray(estimated) ? estimated.map((name) => String(name).toLowerCase()) : [];
  return new Set(HARDWARE_FIGURES.filter((figure) => names.includes(figure.toLowerCase())));
}
