import { constant } from "./constant.ts";
import { empirical } from "./empirical.ts";
import { exponential } from "./exponential.ts";
import { gaussian } from "./gaussian.ts";
import type { LengthParams, Lengths, LengthsDef } from "./lengths.ts";
import { lognormal } from "./lognormal.ts";
import { paretoLognormal } from "./pareto_lognormal.ts";

export type { LengthParams, Lengths, LengthsDef };

/** The length distributions by the name that a spec gives as `type`. */
export const lengths: Readonly<Record<string, LengthsDef>> = {
  gaussian,
  exponential,
  pareto_lognormal: paretoLognormal,
  empirical,
  constant,
  lognormal,
};

/** A distribution as a spec states it. */
export interface LengthsSpec {
  readonly type: string;
  readonly params: LengthParams;
}

/** What is wrong with a distribution, and under which of its keys; undefined if nothing. */
export function lengthsProblem(
  { type, params }: LengthsSpec,
): { readonly key: "type" | "params"; readonly message: string } | undefined {
  const def = Object.hasOwn(lengths, type) ? lengths[type] : undefined;
  if (def === undefined) {
    return { key: "type", message: `it must be one of ${Object.keys(lengths).join(", ")}` };
  }
  const missing = def.required.find((name) => params[name] === undefined);
  const message = missing === undefined
    ? def.problem?.(params)
    : `it must have ${def.required.join(", ")}, and "${missing}" is missing`;
  return message === undefined ? undefined : { key: "params", message };
}

/** The sampler of a distribution that has no problem. */
export function createLengths({ type, params }: LengthsSpec): Lengths {
  return lengths[type]!.create(params);
}
