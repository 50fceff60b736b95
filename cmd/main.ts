import { UsageError } from "../sim/internal/errors.ts";
import { nearest } from "../sim/internal/nearest.ts";
import type { Command, Context } from "./cli.ts";
import { Diagnostics } from "./diagnostics.ts";
import type { Io } from "./io.ts";
import { VERSION } from "./version.ts";

const SUMMARY = "Simulate LLM inference serving: vLLM instances behind a router, step by step";

/** A command, loaded when it is run so that the others cost nothing. */
interface Leaf {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Words that lead to commands. */
interface Branch {
  readonly summary: string;
  readonly commands: Readonly<Record<string, Leaf | Branch>>;
}

const ROOT: Branch = {
  summary: SUMMARY,
  commands: {
    run: {
      summary: "Simulate a workload made from flags, a preset or a spec file",
      load: async () => (await import("./run.ts")).run,
    },
  },
};

/**
 * Runs the program with the words after its name. Returns the exit code: 0, 1 if a check failed, 2
 * for what the user can mend, 70 for a defect of ours. Only here errors are caught.
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const context = { io, diagnostics: new Diagnostics((text) => io.printError(text)) };
  try {
    return await dispatch(ROOT, "blis", args, context);
  } catch (error) {
    return context.diagnostics.fail(error);
  }
}

async function dispatch(
  branch: Branch,
  path: string,
  args: readonly string[],
  context: Context,
): Promise<number> {
  const [word, ...rest] = args;
  if (word === "help" && branch === ROOT) {
    return await dispatch(ROOT, path, [...rest, "-h"], context);
  }
  if (word === undefined || word === "-h" || word === "--help") {
    return await help(branch, path, context);
  }
  if (word === "--version" && branch === ROOT) {
    context.io.print(`blis ${VERSION}\n`);
    return 0;
  }
  const child = Object.hasOwn(branch.commands, word) ? branch.commands[word] : undefined;
  if (child === undefined) throw unknownWord(word, branch, path);
  if ("load" in child) return await (await child.load()).execute(rest, context);
  return await dispatch(child, `${path} ${word}`, rest, context);
}

async function help({ summary, commands }: Branch, path: string, { io }: Context): Promise<number> {
  const { overview } = await import("./cli.ts");
  io.print(overview(path, summary, Object.entries(commands).map(([n, c]) => [n, c.summary])));
  return 0;
}

function unknownWord(word: string, { commands }: Branch, path: string): UsageError {
  const names = Object.keys(commands);
  const kind = word.startsWith("-") ? "flag" : "command";
  const similar = nearest(word, names);
  return new UsageError(`Unknown ${kind} "${word}" for ${path}`, {
    hint: similar !== undefined ? `did you mean "${similar}"?` : `commands: ${names.join(", ")}`,
  });
}
