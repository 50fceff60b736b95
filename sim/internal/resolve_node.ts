import type { z } from "zod";
import { nearest } from "./nearest.ts";
import { oneOf } from "./requirement.ts";
import { boolFromText, floatFromText, intFromText } from "./yaml_scalar.ts";
import { type Definition, definition, isInteger, type Schema } from "./zod_kind.ts";
import { isNull, type ListNode, type MapNode, type Node, type ScalarNode } from "./yaml_tree.ts";

/** Keys and list indexes from the root of a file to a value. */
export type Path = readonly PropertyKey[];

/** Throws for what is wrong at a node. */
export type Fail = (node: Node, message: string, hint?: string) => never;

/**
 * The plain value of a node, each scalar read as the type that `schema` wants there: `010` is 8 for
 * an integer and "010" for a string. Unknown keys and scalars of another type fail; ranges and
 * missing keys are left to the schema. A null leaves a key out, and is a zero or empty elsewhere.
 */
export function resolveNode(schema: Schema, node: Node, path: Path, fail: Fail): unknown {
  const def = definition(schema);
  if (isNull(node) && def.type in ZEROS) return ZEROS[def.type]!();
  switch (def.type) {
    case "string":
    case "enum":
      return resolveText(node, path, fail);
    case "literal":
      return resolveLiteral(def.values[0], node, path, fail);
    case "number":
    case "bigint":
    case "boolean":
      return resolveScalar(def, node, path, fail);
    case "object":
      return resolveObject(def, node, path, fail);
    case "record":
      return resolveRecord(def.valueType, node, path, fail);
    case "array":
      return resolveArray(def.element, node, path, fail);
    case "union":
      return resolveUnion(def, node, path, fail);
    default:
      return naturalValue(node);
  }
}

/** `clients[2].arrival.cv`, or "the file" for its root. */
export function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? String(step) : `.${String(step)}`;
  }
  return text === "" ? "the file" : text;
}

/** Of a longer text a message repeats only the beginning. */
const MAX_QUOTED = 80;

/** A node as the user wrote it, for a message: 2, "two", a list. */
export function nodeText(node: Node): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  const isNumber = !node.quoted && floatFromText(node.text) !== undefined;
  if (isNumber) return node.text;
  const { text } = node;
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}

const ZEROS: Readonly<Record<string, () => unknown>> = {
  string: () => "",
  enum: () => "",
  number: () => 0,
  bigint: () => 0n,
  boolean: () => false,
  object: () => ({}),
  record: () => ({}),
  array: () => [],
};

function misfit(node: Node, path: Path, fail: Fail, wanted: string): never {
  return fail(node, `Cannot use ${nodeText(node)} for ${pathText(path)}: ${wanted}`);
}

function resolveText(node: Node, path: Path, fail: Fail): string {
  return node.kind === "scalar" ? node.text : misfit(node, path, fail, "it must be text");
}

function resolveLiteral(literal: unknown, node: Node, path: Path, fail: Fail): unknown {
  const text = resolveText(node, path, fail);
  if (typeof literal === "string" || (node as ScalarNode).quoted) return text;
  return typeof literal === "number" ? floatFromText(text) : boolFromText(text);
}

function resolveScalar(def: Definition, node: Node, path: Path, fail: Fail): unknown {
  const text = node.kind === "scalar" && !node.quoted ? node.text : undefined;
  const [value, wanted] = def.type === "boolean"
    ? [text && boolFromText(text), "it must be true or false"]
    : def.type === "bigint" || isInteger(def)
    ? [text && intFromText(text), "it must be a whole number"]
    : [text && floatFromText(text), "it must be a number"];
  if (value === undefined || value === "") return misfit(node, path, fail, wanted);
  return typeof value === "bigint" && def.type === "number" ? Number(value) : value;
}

function resolveObject(
  def: z.core.$ZodObjectDef,
  node: Node,
  path: Path,
  fail: Fail,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, { key, value: child }] of mapOf(node, path, fail).entries) {
    const schema = def.shape[name] ?? def.catchall;
    if (schema === undefined) continue;
    if (schema._zod.def.type === "never") failUnknownKey(key, Object.keys(def.shape), path, fail);
    if (!isNull(child)) value[name] = resolveNode(schema, child, [...path, name], fail);
  }
  return value;
}

/** Of more names than this only some are told. */
const MAX_LISTED = 30;
const NUM_LISTED_OF_MANY = 20;

function failUnknownKey(key: ScalarNode, known: string[], path: Path, fail: Fail): never {
  const similar = nearest(key.text, known);
  const hint = similar === undefined
    ? `known keys: ${listed(known)}`
    : `did you mean "${similar}"?`;
  return fail(key, `Unknown key "${key.text}" in ${pathText(path)}`, hint);
}

/** Names for one line: of many only the first ones. */
function listed(names: readonly string[]): string {
  if (names.length <= MAX_LISTED) return names.join(", ");
  const shown = names.slice(0, NUM_LISTED_OF_MANY);
  return `${shown.join(", ")} and ${names.length - NUM_LISTED_OF_MANY} more`;
}

function resolveRecord(
  valueType: Schema,
  node: Node,
  path: Path,
  fail: Fail,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, { key, value: child }] of mapOf(node, path, fail).entries) {
    if (!isNull(key)) value[name] = resolveNode(valueType, child, [...path, name], fail);
  }
  return value;
}

function resolveArray(element: Schema, node: Node, path: Path, fail: Fail): unknown[] {
  if (node.kind !== "list") return misfit(node, path, fail, "it must be a list");
  const ofMaps = definition(element).type === "object";
  return itemsOf(node, ofMaps).map((item, i) => resolveNode(element, item, [...path, i], fail));
}

function itemsOf(list: ListNode, ofMaps: boolean): readonly Node[] {
  return ofMaps ? list.items.filter((item) => !isNull(item)) : list.items;
}

function resolveUnion(
  def: z.core.$ZodUnionDef & { readonly discriminator?: string },
  node: Node,
  path: Path,
  fail: Fail,
): unknown {
  if (def.discriminator === undefined) return naturalValue(node);
  const { discriminator } = def;
  const entry = mapOf(node, path, fail).entries.get(discriminator);
  if (entry === undefined) {
    return fail(node, `Missing key "${discriminator}" in ${pathText(path)}`);
  }
  const wanted = resolveText(entry.value, [...path, discriminator], fail);
  const names: string[] = [];
  for (const option of def.options) {
    const shape = (definition(option) as z.core.$ZodObjectDef).shape;
    const literals = (definition(shape[discriminator]!) as z.core.$ZodLiteralDef<string>).values;
    if (literals.includes(wanted)) return resolveNode(option, node, path, fail);
    names.push(...literals);
  }
  return misfit(entry.value, [...path, discriminator], fail, oneOf(names));
}

function mapOf(node: Node, path: Path, fail: Fail): MapNode {
  return node.kind === "map" ? node : misfit(node, path, fail, "it must be a map");
}

/** The value of a node where no type is due: number, boolean, null or text. */
function naturalValue(node: Node): unknown {
  if (node.kind === "list") return node.items.map(naturalValue);
  if (node.kind === "map") {
    return Object.fromEntries([...node.entries].map(([k, { value }]) => [k, naturalValue(value)]));
  }
  if (node.quoted) return node.text;
  if (isNull(node)) return null;
  return boolFromText(node.text) ?? floatFromText(node.text) ?? node.text;
}
