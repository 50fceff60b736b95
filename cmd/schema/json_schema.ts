import { z } from "zod";
import { definition, type Schema } from "../../sim/internal/zod_kind.ts";
import { arrivals } from "../../workload/arrivals/mod.ts";
import { client, distribution } from "../../workload/fields.ts";
import { lengths } from "../../workload/lengths/mod.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Record<string, unknown>;

/** Keys whose names are checked after reading, and the names; "" is a key that says nothing. */
const NAMES: ReadonlyMap<Schema, readonly string[]> = new Map([
  [shapeOf(client.shape.arrival).process!, ["", ...Object.keys(arrivals)]],
  [distribution.shape.type, ["", ...Object.keys(lengths)]],
]);

/** JSON Schema (draft 7, which editors know best) of a file format. */
export function jsonSchemaOf(schema: z.ZodType, title: string): JsonSchema {
  const parts = new Set<Schema>();
  const { $schema, ...rest } = convert(schema, (part, json) => {
    parts.add(part);
    if (part !== distribution) return;
    for (const key of Object.keys(json)) delete json[key];
    json.allOf = [{ $ref: "#/definitions/distribution" }];
  });
  return {
    $schema,
    title,
    ...rest,
    ...(parts.has(distribution) && { definitions: { distribution: distributionSchema() } }),
  };
}

/** `replace` may change what becomes of a part of the schema. */
function convert(
  schema: z.ZodType,
  replace: (part: Schema, json: JsonSchema) => void,
): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      amend(zodSchema, jsonSchema);
      replace(zodSchema, jsonSchema);
    },
  });
}

function amend(schema: Schema, json: JsonSchema): void {
  const def = definition(schema);
  if (def.type === "bigint") describeBigint(def, json);
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // An editor would insert these defaults, and they say nothing.
  if (typeof json.default === "object" || json.default === "") delete json.default;
  const names = NAMES.get(schema);
  if (names !== undefined) json.enum = [...names];
}

function describeBigint({ checks = [] }: z.core.$ZodBigIntDef, json: JsonSchema): void {
  json.type = "integer";
  for (const { _zod: { def } } of checks) {
    if (def.check === "greater_than" && "value" in def) json.minimum = Number(def.value);
  }
}

function distributionSchema(): JsonSchema {
  const { $schema: _, ...schema } = convert(distribution, () => {});
  return { ...schema, allOf: Object.keys(lengths).map(paramsOf) };
}

/** The parameters that a type of distribution needs. */
function paramsOf(type: string): JsonSchema {
  const { required, optional, summary } = lengths[type]!;
  const names = [...required, ...optional];
  const params = {
    description: summary,
    required: [...required],
    properties: Object.fromEntries(names.map((name) => [name, { type: "number" }])),
  };
  return {
    if: { properties: { type: { const: type } }, required: ["type"] },
    then: { properties: { params }, required: ["params"] },
  };
}

function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  const def = definition(schema);
  return def.type === "object" ? def.shape : {};
}
