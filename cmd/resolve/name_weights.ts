import { UsageError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";
import { oneOf } from "../../sim/internal/requirement.ts";
import { isDecimal, quoted } from "../flag_values.ts";

/** One item of a list such as `queue-depth:2,kv-utilization:1`. */
export interface NameWeight<T extends string> {
  readonly name: T;
  readonly weight: number;
}

/** What the items of a flag must be like. */
export interface NameWeightRules<T extends string> {
  readonly flag: string;
  readonly names: readonly T[];
  /** True if a weight may be 0. */
  readonly allowsZero: boolean;
}

/** Reads `name:weight,name:weight`; an empty text has no items. Throws a UsageError. */
export function parseNameWeights<T extends string>(
  text: string,
  rules: NameWeightRules<T>,
): NameWeight<T>[] {
  return text === "" ? [] : text.split(",").map((item) => parseItem(item.trim(), rules));
}

function parseItem<T extends string>(item: string, rules: NameWeightRules<T>): NameWeight<T> {
  const { flag, names, allowsZero } = rules;
  const colon = item.indexOf(":");
  if (colon < 0) throw misfit(item, flag, "it must be written name:weight");
  const written = item.slice(0, colon).trim();
  const name = names.find((known) => known === written);
  if (name === undefined) {
    const similar = nearest(written, names);
    throw misfit(written, flag, oneOf(names), similar && `did you mean "${similar}"?`);
  }
  const weightText = item.slice(colon + 1).trim();
  const weight = isDecimal(weightText) ? Number(weightText) : NaN;
  if (Number.isFinite(weight) && (weight > 0 || (weight === 0 && allowsZero))) {
    return { name, weight };
  }
  const wanted = `the weight of "${name}" must be a number ${allowsZero ? ">=" : ">"} 0`;
  throw misfit(weightText, flag, wanted);
}

function misfit(text: string, flag: string, wanted: string, hint?: string): UsageError {
  return new UsageError(`Cannot use ${quoted(text)} in ${flag}: ${wanted}`, {
    flag,
    ...(hint !== undefined && hint !== "" && { hint }),
  });
}
