import { UsageError } from "../sim/internal/errors.ts";
import { nearest } from "../sim/internal/nearest.ts";
import type { Context } from "./cli.ts";
import type { Branch } from "./command_tree.ts";
import { Diagnostics } from "./diagnostics.ts";
import type { Io } from "./io.ts";
import { VERSION } from "./version.ts";

const SUMMARY = "Simulate LLM inference serving: vLLM instances behind a router, step by step";

/** All commands by their words. */
export const ROOT: Branch = {
  summary: SUMMARY,
  commands: {
    run: {
      summary: "Simulate a workload made from flags, a preset or a spec file",
      load: async () => (await import("./run.ts")).run,
    },
    replay: {
      summary: "Simulate the requests of a recorded trace",
      load: async () => (await import("./replay.ts")).replay,
    },
    check: {
      summary: "Simulate, and fail if an SLO is missed or the deployment is saturated",
      load: async () => (await import("./check/check.ts")).check,
    },
    capacity: {
      summary: "Find the largest rate, or the smallest fleet, that holds the SLOs",
      load: async () => (await import("./capacity/capacity.ts")).capacity,
    },
    calibrate: {
      summary: "Compare observed latencies with simulated ones",
      load: async () => (await import("./calibrate/calibrate.ts")).calibrate,
    },
    observe: {
      summary: "Send a workload to a real server and record a trace of it",
      load: async () => (await import("./observe/observe.ts")).observe,
    },
    convert: {
      summary: "Print a preset or a foreign format as a workload file",
      commands: {
        preset: {
          summary: "Print a named workload as a workload file",
          load: async () => (await import("./convert/preset.ts")).convertPreset,
        },
        servegen: {
          summary: "Print measured ServeGen data as a workload file",
          load: async () => (await import("./convert/servegen.ts")).convertServegen,
        },
        "inference-perf": {
          summary: "Print an inference_perf block as a workload file with its clients",
          load: async () => (await import("./convert/inference_perf.ts")).convertInferencePerf,
        },
        trace: {
          summary: "Make a trace of the requests that another program recorded",
          load: async () => (await import("./convert/trace.ts")).convertTrace,
        },
      },
    },
    compose: {
      summary: "Print one workload file with the clients of several",
      load: async () => (await import("./convert/compose.ts")).compose,
    },
    models: {
      summary: "List the models that are built in, or show one and what follows from it",
      alone: async () => (await import("./models/models.ts")).models,
      commands: {
        show: {
          summary: "Show the size of a model, the GPUs that hold it and its step times",
          load: async () => (await import("./models/show.ts")).modelsShow,
        },
      },
    },
    sweep: {
      summary: "Simulate all combinations of settings and seeds of a file, on all cores",
      alone: async () => (await import("./sweep/sweep.ts")).sweep,
      aloneTakesArgument: true,
      commands: {
        report: {
          summary: "Show the results of a sweep: means and confidence intervals over the seeds",
          load: async () => (await import("./sweep/report.ts")).sweepReport,
        },
        merge: {
          summary: "Join the results of a sweep's shards, checking that none is missing or double",
          load: async () => (await import("./sweep/merge.ts")).sweepMerge,
        },
      },
    },
    hardware: {
      summary: "List the GPUs with their figures",
      load: async () => (await import("./models/hardware.ts")).hardware,
    },
    workload: {
      summary: "Look at a workload before it is simulated",
      commands: {
        describe: {
          summary:
            "Show the requests that a workload will send: rates, lengths, prefixes, sessions",
          load: async () => (await import("./workload/describe.ts")).describe,
        },
      },
    },
    completion: {
      summary: "Print a script that completes commands, flags and their values in a shell",
      load: async () => (await import("./completion/completion.ts")).completion(ROOT),
    },
    schema: {
      summary: "Print the JSON Schema of a file format, for completion in an editor",
      commands: {
        workload: {
          summary: "Print the JSON Schema of a file for --workload-spec",
          load: async () => (await import("./schema/schema.ts")).schemaWorkload,
        },
        policy: {
          summary: "Print the JSON Schema of a file for --policy-config",
          load: async () => (await import("./schema/schema.ts")).schemaPolicy,
        },
        sweep: {
          summary: "Print the JSON Schema of a file for blis sweep",
          load: async () => (await import("./schema/schema.ts")).schemaSweep,
        },
        result: {
          summary: "Print the JSON Schema of what --output json prints",
          load: async () => (await import("./schema/schema.ts")).schemaResult,
        },
      },
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
  if (branch.alone !== undefined && isForAlone(branch, word)) {
    return await (await branch.alone()).execute(args, context);
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

function isForAlone({ commands, aloneTakesArgument }: Branch, word: string | undefined): boolean {
  if (word === undefined || word.startsWith("-")) return true;
  return aloneTakesArgument === true && nearest(word, Object.keys(commands)) === undefined;
}

async function help({ summary, commands }: Branch, path: string, { io }: Context): Promise<number> {
  const { overview } = await import("./help.ts");
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
