import { defaultOf, definition, type Schema } from "../sim/internal/zod_kind.ts";

/** Keys whose name in the program adds their unit. */
const WITH_UNIT = {
  horizon: "horizonUs",
  timeout: "timeoutUs",
  duration: "durationSeconds",
} as const;

type Camel<K extends string> = K extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : K;
type ProgramKey<K extends string> = K extends keyof typeof WITH_UNIT ? typeof WITH_UNIT[K]
  : Camel<K>;

/** What a value of a file is in the program: keys in camelCase, names of records as they are. */
export type FromFile<T> = T extends readonly (infer U)[] ? readonly FromFile<U>[]
  : T extends object ? string extends keyof T ? { readonly [K in keyof T]: FromFile<T[K]> }
    : { readonly [K in keyof T as ProgramKey<K & string>]: FromFile<T[K]> }
  : T;

type Values = Readonly<Record<string, unknown>>;

/** Renames the keys of a value that `schema` has read. */
export function fromFile<T>(schema: Schema, value: T): FromFile<T> {
  const toProgram: ConvertObject = (shape, object) => {
    const result: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(shape)) {
      const part = object[key];
      if (part !== undefined) result[programKey(key)] = convert(child, part, toProgram);
    }
    return result;
  };
  return convert(schema, value, toProgram) as FromFile<T>;
}

/**
 * The opposite of `fromFile`, with the keys in the order of the schema. Left out are undefined
 * values, and defaults under the keys that `optional` names for their object.
 */
export function toFile(
  schema: Schema,
  value: unknown,
  optional: ReadonlyMap<unknown, readonly string[]>,
): unknown {
  const toText: ConvertObject = (shape, object) => {
    const result: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(shape)) {
      const part = object[programKey(key)];
      if (part === undefined) continue;
      const converted = convert(child, part, toText);
      const isLeftOut = optional.get(shape)?.includes(key) && equals(converted, defaultOf(child));
      if (!isLeftOut) result[key] = converted;
    }
    return result;
  };
  return convert(schema, value, toText);
}

type Shape = Readonly<Record<string, Schema>>;
type ConvertObject = (shape: Shape, object: Values) => Values;

function convert(schema: Schema, value: unknown, convertObject: ConvertObject): unknown {
  const def = definition(schema);
  if (def.type === "object") return convertObject(def.shape, value as Values);
  if (def.type === "array") {
    return (value as unknown[]).map((item) => convert(def.element, item, convertObject));
  }
  if (def.type !== "record") return value;
  return Object.fromEntries(
    Object.entries(value as Values).map(([k, v]) => [k, convert(def.valueType, v, convertObject)]),
  );
}

function equals(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function programKey(key: string): string {
  return key in WITH_UNIT
    ? WITH_UNIT[key as keyof typeof WITH_UNIT]
    : key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
