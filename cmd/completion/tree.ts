import type { z } from "zod";
import { definition, type Schema } from "../../sim/internal/zod_kind.ts";
import { type FlagMeta, flagName, isSwitch } from "../flag_meta.ts";
import type { Branch, Leaf } from "../command_tree.ts";

/** What may follow a flag or stand alone. */
export interface ValueShape {
  readonly label: string;
  /** All that it may be; undefined if it is free. */
  readonly choices: readonly string[] | undefined;
  readonly isFile: boolean;
}

/** A flag as a shell sees it. */
export interface FlagShape {
  /** With dashes before it. */
  readonly name: string;
  /** Spellings that work but are not offered. */
  readonly aliases: readonly string[];
  readonly description: string;
  /** True if it may be given more than once. */
  readonly isList: boolean;
  /** undefined of a switch. */
  readonly value: ValueShape | undefined;
}

/** What may follow the words of a command. */
export interface WordsShape {
  /** The words after the name of the program, each with a blank before it; empty for none. */
  readonly at: string;
  readonly commands: readonly (readonly [word: string, summary: string])[];
  readonly flags: readonly FlagShape[];
  /** What may stand alone; undefined if nothing may. */
  readonly argument: (ValueShape & { readonly isList: boolean }) | undefined;
}

const HELP = switchShape("--help", "show this help", ["-h"]);
const VERSION = switchShape("--version", "show the version", []);

/** Placeholders of flags that name a file or a folder. */
const FILE_LABELS = new Set(["path", "file", "folder", "prefix"]);

/** Every place in a tree of commands, the outer ones first. */
export async function completionTree(root: Branch): Promise<WordsShape[]> {
  const [first, ...rest] = await branchShapes(root, "");
  return [{ ...first!, flags: [...first!.flags, VERSION] }, ...rest];
}

async function branchShapes(branch: Branch, at: string): Promise<WordsShape[]> {
  const own = branch.alone === undefined
    ? { flags: [HELP], argument: undefined }
    : optionsShape((await branch.alone()).options);
  const children = Object.entries(branch.commands);
  const commands = children.map(([word, { summary }]) => [word, summary] as const);
  const below = await Promise.all(
    children.map(([word, child]) => shapesOf(child, `${at} ${word}`)),
  );
  return [{ at, commands, ...own }, ...below.flat()];
}

async function shapesOf(child: Branch | Leaf, at: string): Promise<WordsShape[]> {
  if (!("load" in child)) return await branchShapes(child, at);
  return [{ at, commands: [], ...optionsShape((await child.load()).options) }];
}

function optionsShape(options: z.ZodObject): Pick<WordsShape, "flags" | "argument"> {
  const fields = Object.entries(options.shape);
  const argument = fields.find(([, field]) => metaOf(field).argument === true)?.[1];
  return {
    flags: [...fields.map(([key, field]) => flagShape(options, key, field)), HELP],
    argument: argument && { ...valueShape(argument), isList: isList(argument) },
  };
}

function flagShape(options: z.ZodObject, key: string, field: Schema): FlagShape {
  const { description = "", aliases = [] } = metaOf(field);
  return {
    name: `--${flagName(options, key)}`,
    aliases: aliases.map((alias) => `--${alias}`),
    description,
    isList: isList(field),
    value: isSwitch(field) ? undefined : valueShape(field),
  };
}

function valueShape(field: Schema): ValueShape {
  const { placeholder: label = "value" } = metaOf(field);
  const def = definition(field);
  const item = def.type === "array" ? definition(def.element) : def;
  return {
    label,
    choices: item.type === "enum" ? Object.values(item.entries).map(String) : undefined,
    isFile: FILE_LABELS.has(label),
  };
}

function switchShape(name: string, description: string, aliases: readonly string[]): FlagShape {
  return { name, aliases, description, isList: false, value: undefined };
}

function isList(field: Schema): boolean {
  return definition(field).type === "array";
}

function metaOf(field: Schema): FlagMeta {
  return (field as z.ZodType).meta() ?? {};
}
