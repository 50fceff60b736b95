import { z } from "zod";
import { UsageError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import { definition } from "../../sim/internal/zod_kind.ts";
import type { RunFlags } from "../check/judged_run.ts";
import { flagValues, kebabCase } from "../flag_values.ts";
import { deploymentFlags, generalOptions, traceOptions } from "../options.ts";

const FORM = /^([a-z0-9-]+)=(.+)$/;

/** A flag and the values that it takes in turn. */
export interface Axis {
  readonly key: string;
  readonly values: readonly unknown[];
}

/** A combination of values: the flags, and in words what tells it from the others. */
export interface Configuration {
  readonly flags: RunFlags;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Flags that describe a deployment by one value each. */
const VARIED = Object.entries(deploymentFlags.shape)
  .filter(([key, field]) =>
    definition(field).type !== "array" && !(key in generalOptions) && !(key in traceOptions)
  )
  .map(([key]) => key);

/** Reads texts such as `tp=1,2,4`. Throws a UsageError for a flag that cannot be varied. */
export function readAxes(texts: readonly string[]): Axis[] {
  const axes = texts.map(readAxis);
  const twice = axes.find(({ key }, i) => axes.findIndex((axis) => axis.key === key) < i);
  if (twice === undefined) return axes;
  throw new UsageError(`Cannot vary ${kebabCase(twice.key)} twice`, { flag: "--over" });
}

/** All combinations of the values; the last axis varies fastest. */
export function configurations(flags: RunFlags, axes: readonly Axis[]): Configuration[] {
  let all: Configuration[] = [{ flags, parameters: {} }];
  for (const { key, values } of axes) {
    all = all.flatMap(({ flags: { values: base, given }, parameters }) =>
      values.map((value) => ({
        flags: { values: { ...base, [key]: value }, given: new Set([...given, key]) },
        parameters: { ...parameters, [kebabCase(key)]: value },
      }))
    );
  }
  return all;
}

function readAxis(text: string): Axis {
  const [, name = "", list = ""] = FORM.exec(text) ?? [];
  const key = VARIED.find((key) => kebabCase(key) === name);
  if (key === undefined) throw unknownAxis(text, name);
  const shape: Readonly<Record<string, z.ZodType>> = deploymentFlags.shape;
  const schema = z.strictObject({ [key]: shape[key]! });
  const values = list.split(",").map((item) =>
    flagValues(schema, new Map([[key, [item]]]), () => `--over ${name}`).values[key]
  );
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice === undefined) return { key, values };
  throw new UsageError(`Cannot try ${name}=${String(twice)} twice`, { flag: "--over" });
}

function unknownAxis(text: string, name: string): UsageError {
  const flag = "--over";
  if (name === "") {
    return new UsageError(
      `Cannot use ${JSON.stringify(text)} for ${flag}: it must be like tp=1,2`,
      {
        flag,
      },
    );
  }
  const similar = nearest(name, VARIED.map(kebabCase));
  return new UsageError(`Cannot vary "${name}"`, {
    flag,
    hint: similar === undefined
      ? "a flag that describes the deployment can be varied, without its dashes"
      : `did you mean "${similar}"?`,
  });
}
