import { Command as Commander, Option } from "commander";
import type { z } from "zod";
import { defaultOf, definition, isInteger, type Schema } from "../sim/internal/zod_kind.ts";
import { argumentOf, type FlagMeta, flagName, isSwitch, metaOf } from "./flag_meta.ts";

const HELP_WIDTH = 100;

/** A command as its help shows it. */
export interface DescribedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodObject;
  readonly examples: readonly (readonly [args: string, purpose: string])[];
}

/** Help of the program or of a group of commands. */
export function overview(
  name: string,
  summary: string,
  commands: readonly (readonly [name: string, summary: string])[],
): string {
  const commander = plainCommander(name, summary).usage("<command> [flags]").helpCommand(false);
  for (const [child, text] of commands) commander.command(child).summary(text);
  commander.configureHelp({
    ...commander.configureHelp(),
    subcommandTerm: (child) => child.name(),
  });
  return commander.helpInformation() +
    `\nRun "${name} <command> --help" for the flags of a command.\n`;
}

/** Help of one command: its flags under their headings, then examples. */
export function commandHelp(command: DescribedCommand): string {
  const { name, summary, options } = command;
  const argument = argumentOf(options);
  const commander = plainCommander(`blis ${name}`, summary)
    .usage(argument === undefined ? "[flags]" : `[flags] [${argument.placeholder}]`);
  for (const [key, field] of Object.entries(options.shape)) {
    commander.addOption(optionOf(options, key, field));
  }
  return commander.helpInformation() + examplesText(command);
}

function plainCommander(name: string, summary: string): Commander {
  return new Commander(name)
    .description(summary)
    .helpOption("-h, --help", "show this help")
    .configureHelp({ optionDescription: ({ description }) => description })
    .configureOutput({
      // The defaults of these read the environment, which a plain run may not.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    });
}

function optionOf(options: z.ZodObject, key: string, field: Schema): Option {
  const meta = metaOf(options, key);
  const value = isSwitch(field) ? "" : ` <${meta.placeholder ?? kindOf(field)}>`;
  const option = new Option(`--${flagName(options, key)}${value}`, descriptionOf(meta, field));
  return option.helpGroup(`${meta.group ?? "Flags"}:`);
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

function kindOf(field: Schema): string {
  const def = definition(field);
  if (def.type === "array") return `${kindOf(def.element)},…`;
  if (def.type === "enum") return "name";
  if (def.type === "bigint" || isInteger(def)) return "n";
  return def.type === "number" ? "x" : "text";
}

function examplesText({ name, examples }: DescribedCommand): string {
  const lines = examples.map(([args, purpose]) => `  # ${purpose}\n  blis ${name} ${args}\n`);
  return lines.length === 0 ? "" : `\nExamples:\n${lines.join("\n")}\n`;
}
