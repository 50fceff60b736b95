import { z } from "zod";
import { readCommandLine } from "./command_line.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { flagName } from "./flag_meta.ts";
import { type Flags, flagValues } from "./flag_values.ts";
import type { Io, Permission } from "./io.ts";
import { checkOutputPaths } from "./output_paths.ts";

/** What a command works with besides its flags. */
export interface Context {
  readonly io: Io;
  readonly diagnostics: Diagnostics;
}

/** A command as declared: its flags are the keys of `options`, see `FlagMeta`. */
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
  /** Its flags, see {@link CommandSpec}. */
  readonly options: z.ZodObject;
  execute(args: readonly string[], context: Context): Promise<number>;
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
  const { options } = spec;
  return {
    options,
    async execute(args, context) {
      const texts = readCommandLine(spec, args);
      if (texts === undefined) {
        const { commandHelp } = await import("./help.ts");
        context.io.print(commandHelp(spec));
        return 0;
      }
      const flags = flagValues(options, texts, (key) => `--${flagName(options, key)}`);
      await checkOutputPaths(options, flags.values, context.io);
      await context.io.keepPermissions(spec.permissions(flags));
      return await spec.run(flags, context);
    },
  };
}
