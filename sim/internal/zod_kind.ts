import type { z } from "zod";

/** Any zod schema. */
export type Schema = z.core.$ZodType;
/** What a zod schema is made of. */
export type Definition = z.core.$ZodTypes["_zod"]["def"];

/** The definition below wrappers such as `.optional()`, `.default()` and `.transform()`. */
export function definition(schema: Schema): Definition {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "lazy") return definition(def.getter());
  if (def.type === "pipe") {
    const isPreprocess = def.in._zod.def.type === "transform";
    return definition(isPreprocess ? def.out : def.in);
  }
  return "innerType" in def ? definition(def.innerType) : def;
}

/** True for `z.int()` and `z.number().int()`. */
export function isInteger(def: Definition): boolean {
  if ("format" in def && def.format === "safeint") return true;
  const checks = "checks" in def ? def.checks ?? [] : [];
  return checks.some(({ _zod }) => "format" in _zod.def && _zod.def.format === "safeint");
}

/** Default of a schema at its outermost level; undefined without one. */
export function defaultOf(schema: Schema): unknown {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  return def.type === "default" ? def.defaultValue : undefined;
}
