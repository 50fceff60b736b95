import { z } from "zod";

const FORM = /^([0-9]+(?:\.[0-9]+)?)(%?)$/;

/**
 * A flag for a part of a whole, >= 0: `5%` or `0.05`. More than the whole needs its `%`, so that
 * nobody who writes 5 gets 500 %.
 */
export function partOption(initial: string) {
  return z.string().default(initial).transform((text, context) => {
    const [, digits, percent] = FORM.exec(text) ?? [];
    const isPercent = percent === "%";
    if (digits !== undefined && (isPercent || Number(digits) <= 1)) {
      return Number(digits) / (isPercent ? 100 : 1);
    }
    context.issues.push({
      code: "custom",
      input: text,
      message: "it must be a part of a whole, as in 5% or 0.05",
    });
    return z.NEVER;
  }).meta({ placeholder: "part", initial });
}
