import { Command as Commander, CommanderError, Option } from "commander";
import { z } from "zod";
import { UsageError } from "../sim/internal/errors.ts";
import { nearest } from "../sim/internal/nearest.ts";
import { defaultOf, definition, isInteger, type Schema } from "../sim/internal/zod_kind.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { type Flags, type FlagTexts, flagValues, kebabCase } from "./flag_values.ts";
import type { Io, Permission } from "./io.ts";

const HELP_WIDTH = 100;

/** What a command works with besides its flags. */
export interface Context {
  readonly io: Io;
  readonly diagnostics: Diagnostics;
}

/** A command as declared: its flags are the keys of `options`, see {@link FlagMeta}. */
export interface CommandSpec<S extends z.ZodObject> {
  /** All words of it, e.g. `convert preset`. */
  readonly name: string;
  readonly summary: string;
  readonly options: S;
  /** Flags and what they do, shown below the help. */
  readonly examples: readonly (readonly [args: string, purpose: string])[];
  /** What it needs beyond printing; all else is given up before it runs. */
  permissions(flags: Flags<z.output<S>>): Permission[];
  /** Returns the exit code: 0, or 1 if a check failed. */
  run(flags: Flags<z.output<S>>, context: Context): Promise<number>;
}

/** A command that can be run with the words after its name. */
export interface Command {
  execute(args: readonly string[], context: Context): Promise<number>;
}

/**
 * What `.meta()` says of a flag beside its description. The flag of key `maxNumSeqs` is
 * `--max-num-seqs` unless `flag` spells it otherwise.
 */
export interface FlagMeta {
  readonly description?: string | undefined;
  readonly flag?: string;
  /** Heading in the help. */
  readonly group?: string;
  readonly placeholder?: string;
  /** The default as the help shows it, where the schema has none. */
  readonly initial?: string;
  /** Older names, without dashes, that still work. */
  readonly aliases?: readonly string[];
  /** True of the one flag whose value, or values if it takes a list, may also stand alone. */
  readonly argument?: boolean;
}

/** Puts all flags of a shape under one heading of the help. */
export function grouped<S extends Readonly<Record<string, z.ZodType>>>(group: string, shape: S): S {
  for (const field of Object.values(shape)) {
    z.globalRegistry.add(field, { ...field.meta(), group });
  }
  return shape;
}

/** Makes a command of its declaration. */
export function command<S extends z.ZodObject>(spec: CommandSpec<S>): Command {
  return {
    async execute(args, context) {
      const parsed = parse(spec, args);
      if (typeof parsed === "string") {
        context.io.print(parsed);
        return 0;
      }
      const flags = flagValues(spec.options, parsed, (key) => `--${flagName(spec.options, key)}`);
      await context.io.keepPermissions(spec.permissions(flags));
      return await spec.run(flags, context);
    },
  };
}

/** Help of the program or of a group of commands. */
export function overview(
  name: string,
  summary: string,
  commands: readonly (readonly [name: string, summary: string])[],
): string {
  const commander = quietCommander(name, summary).usage("<command> [flags]").helpCommand(false);
  for (const [child, text] of commands) commander.command(child).summary(text);
  commander.configureHelp({
    ...commander.configureHelp(),
    subcommandTerm: (child) => child.name(),
  });
  return commander.helpInformation() +
    `\nRun "${name} <command> --help" for the flags of a command.\n`;
}

/** The texts of the flags, or the help if it is asked for. */
function parse<S extends z.ZodObject>(
  spec: CommandSpec<S>,
  args: readonly string[],
): FlagTexts | string {
  const texts = new Map<string, string[]>();
  let help = "";
  const argument = argumentOf(spec.options);
  const commander = quietCommander(`blis ${spec.name}`, spec.summary)
    .usage(argument === undefined ? "[flags]" : `[flags] [${argument.placeholder}]`);
  commander.configureOutput({ writeOut: (text) => help += text });
  commander.allowExcessArguments();
  const names: string[] = [];
  for (const [key, field] of Object.entries(spec.options.shape)) {
    for (const option of optionsOf(spec.options, key, field)) {
      commander.addOption(option);
      names.push(option.long!);
      commander.on(`option:${option.name()}`, (text: string) => {
        texts.set(key, [...texts.get(key) ?? [], text]);
      });
    }
  }
  commander.addHelpText("after", examplesText(spec));
  try {
    commander.parse(args.map((arg) => switchWithValue(spec.options, arg)), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return help;
    throw usageError(error, names);
  }
  const extra = commander.args[argument?.most ?? 0];
  if (extra !== undefined) throw unexpected(extra, spec);
  for (const word of commander.args) {
    texts.set(argument!.key, [...texts.get(argument!.key) ?? [], word]);
  }
  return texts;
}

/** A flag whose value may stand alone, and how often. */
interface Argument {
  readonly key: string;
  readonly placeholder: string;
  readonly most: number;
}

function argumentOf({ shape }: z.ZodObject): Argument | undefined {
  for (const [key, field] of Object.entries(shape)) {
    const { argument, placeholder = "value" }: FlagMeta = (field as z.ZodType).meta() ?? {};
    if (!argument) continue;
    return definition(field).type === "array"
      ? { key, placeholder: `${placeholder} …`, most: Infinity }
      : { key, placeholder, most: 1 };
  }
  return undefined;
}

function quietCommander(name: string, summary: string): Commander {
  return new Commander(name)
    .description(summary)
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .configureHelp({ optionDescription: ({ description }) => description })
    .configureOutput({
      writeErr: () => {},
      // The defaults of these read the environment, which a plain run may not.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    });
}

function optionsOf(options: z.ZodObject, key: string, field: Schema): Option[] {
  const meta = metaOf(options, key);
  const placeholder = isSwitch(field) ? "[value]" : `<${meta.placeholder ?? kindOf(field)}>`;
  const names = [flagName(options, key), ...meta.aliases ?? []];
  return names.map((name, i) => {
    const option = new Option(`--${name} ${placeholder}`, descriptionOf(meta, field));
    option.helpGroup(`${meta.group ?? "Flags"}:`);
    if (isSwitch(field)) option.flags = `--${name}`;
    return i === 0 ? option : option.hideHelp();
  });
}

function descriptionOf(
  { description = "", aliases = [], initial }: FlagMeta,
  field: Schema,
): string {
  const def = definition(field);
  const choices = def.type === "enum" ? [`one of ${Object.keys(def.entries).join(", ")}`] : [];
  const also = aliases.map((alias) => `also --${alias}`);
  const shown = initial ?? defaultText(field);
  const notes = [...choices, ...also, ...(shown === "" ? [] : [`default ${shown}`])];
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}

function defaultText(field: Schema): string {
  const value = defaultOf(field);
  return value === undefined || value === false ? "" : String(value);
}

/** A switch takes a value only after `=`, so that the word after it is not swallowed. */
function switchWithValue(options: z.ZodObject, arg: string): string {
  const isBare = Object.entries(options.shape).some(([key, field]) =>
    isSwitch(field) && arg === `--${flagName(options, key)}`
  );
  return isBare ? `${arg}=true` : arg;
}

function isSwitch(field: Schema): boolean {
  return definition(field).type === "boolean";
}

function kindOf(field: Schema): string {
  const def = definition(field);
  if (def.type === "array") return `${kindOf(def.element)},…`;
  if (def.type === "enum") return "name";
  if (def.type === "bigint" || isInteger(def)) return "n";
  return def.type === "number" ? "x" : "text";
}

function flagName(options: z.ZodObject, key: string): string {
  return metaOf(options, key).flag ?? kebabCase(key);
}

function metaOf(options: z.ZodObject, key: string): FlagMeta {
  return (options.shape[key] as z.ZodType | undefined)?.meta() ?? {};
}

function examplesText({ name, examples }: CommandSpec<z.ZodObject>): string {
  const lines = examples.map(([args, purpose]) => `  # ${purpose}\n  blis ${name} ${args}\n`);
  return lines.length === 0 ? "" : `\nExamples:\n${lines.join("\n")}`;
}

function usageError({ code, message }: CommanderError, names: readonly string[]): UsageError {
  const flag = /'(--?[^ '=]*)/.exec(message)?.[1] ?? "";
  if (code === "commander.optionMissingArgument") {
    return new UsageError(`${flag} needs a value`, { flag });
  }
  const similar = nearest(flag, names);
  return new UsageError(`Unknown flag ${flag}`, {
    flag,
    hint: similar === undefined ? "--help lists the flags" : `did you mean ${similar}?`,
  });
}

function unexpected(word: string, { name, options }: CommandSpec<z.ZodObject>): UsageError {
  const accepted = argumentOf(options) === undefined ? "flags only" : "one argument";
  return new UsageError(`Unexpected argument "${word}"`, {
    hint: /^(true|false)$/.test(word) ? `write --flag=${word}` : `blis ${name} takes ${accepted}`,
  });
}
