/**
 * Makes one program of all sources and data: `deno task compile [--target TARGET] [--output FILE]`.
 * It may do what some command needs, and each command gives up what it does not need itself.
 */

import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Environment variables that some command reads. */
export const VARIABLES = [
  "HF_TOKEN",
  "JOB_COMPLETION_INDEX",
  "OPENAI_API_KEY",
  "PARALLEL_SEQ",
  "SLURM_ARRAY_TASK_ID",
] as const;

/** Flags of the compiler. No command starts a process, asks for the system or loads a library. */
const FLAGS = [
  "--no-check",
  "--frozen",
  "--no-prompt",
  "--exclude-unused-npm",
  "--v8-flags=--max-semi-space-size=2",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  `--allow-env=${VARIABLES.join(",")}`,
  // Workers are files of their own.
  "--include=cmd/sweep/worker.ts",
];

if (import.meta.main) {
  const output = Deno.args.includes("--output") ? [] : ["--output", "dist/blis"];
  const args = ["compile", ...FLAGS, ...output, ...Deno.args, "main.ts"];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  Deno.exitCode = code;
}
