import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { blis, FakeIo, type Outcome } from "./cli/fake_io.ts";
import { chunked, observeArgs } from "./observe/observe_line.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** `<!-- output of: ARGUMENTS -->` or `<!-- stderr of: ARGUMENTS -->`, and the block that follows it. */
const SHOWN_OUTPUT = /<!-- (output|stderr) of: (.+?) -->\n```\w*\n(.*?)```/gs;
/** `<!-- file: PATH -->` and the block that is its content. */
const SHOWN_FILE = /<!-- file: (\S+) -->\n```\w*\n(.*?)```/gs;
/** `<!-- written: PATH -->` and the block that is what a command before wrote to it. */
const WRITTEN_FILE = /<!-- written: (\S+) -->\n```\w*\n(.*?)```/gs;
/** Commands that a text shows: indented by four blanks, or in a block; `\` continues a line. */
const COMMAND =
  /^(?: {4})?(?:\$ )?(?:npx -y deno@[\d.]+ task -q )?blis ((?:run|replay|calibrate|observe|convert|compose|completion|schema|models|hardware|workload|check|capacity|sweep)\b(?:.*\\\n)*.*)$/gm;
const LINK = /\]\((?!https?:|#|mailto:)([^)#]+)/g;

/** Something that a text says and that can be tried; `at` is its place in the text. */
interface Step {
  readonly at: number;
  readonly title: string;
  check(): void | Promise<void>;
}

for (const file of markdownFiles("")) {
  const text = Deno.readTextFileSync(root + file);
  const files = filesOfExamples();
  for (const [, path, content] of text.matchAll(SHOWN_FILE)) files[path!] = content!;

  // In the order of the text, since later commands find the files of the earlier ones.
  const steps = [...outputsOf(text, files), ...writtenOf(text, files), ...commandsOf(text, files)];
  for (const { title, check } of steps.sort((a, b) => a.at - b.at)) {
    Deno.test(`${file}: ${title}`, check);
  }

  Deno.test(`${file} links to files that exist`, () => {
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    for (const [, target] of text.matchAll(LINK)) {
      Deno.statSync(`${root}${folder}${target}`);
    }
  });
}

function outputsOf(text: string, files: Record<string, string>): Step[] {
  return [...text.matchAll(SHOWN_OUTPUT)].map(({ index, 1: stream, 2: args, 3: shown }) => ({
    at: index,
    title: `\`blis ${args}\` prints what is shown`,
    async check() {
      const { stdout, stderr } = await blis(words(args!), new FakeIo(files));
      assert.equal(stream === "output" ? stdout : stderr, shown);
    },
  }));
}

function writtenOf(text: string, files: Record<string, string>): Step[] {
  return [...text.matchAll(WRITTEN_FILE)].map(({ index, 1: path, 2: shown }) => ({
    at: index,
    title: `${path} is written as shown`,
    check: () => assert.equal(files[path!]?.trimEnd(), shown!.trimEnd()),
  }));
}

function commandsOf(text: string, files: Record<string, string>): Step[] {
  return [...text.matchAll(COMMAND)].map(({ index, 1: shown }) => {
    const line = shown!.replace(/ *\\\n */g, " ");
    return {
      at: index,
      title: `\`blis ${line}\` works`,
      async check() {
        const [args, target] = redirected(words(line));
        const io = new FakeIo(files);
        const { code, stdout, stderr } = await execute(args, io);
        assert.equal(code, 0, stderr);
        Object.assign(files, Object.fromEntries(io.files));
        if (target !== undefined) files[target] = stdout;
      },
    };
  });
}

/** Runs the program; a server that is observed is one of a virtual world. */
async function execute(args: readonly string[], io: FakeIo): Promise<Outcome> {
  if (args[0] !== "observe") return await blis(args, io);
  const { code } = await observeArgs(args.slice(1), chunked, io);
  return { code, io, stdout: io.stdout, stderr: io.stderr };
}

/** Markdown files that users read, relative to the root. */
function markdownFiles(folder: string): string[] {
  return [...Deno.readDirSync(root + folder)].flatMap(({ name, isDirectory }) => {
    const path = folder + name;
    if (isDirectory) return /^(docs|examples)(\/|$)/.test(path) ? markdownFiles(`${path}/`) : [];
    return name.endsWith(".md") ? [path] : [];
  }).sort();
}

/** The files of examples/, under the names that a user in the root of the project would give. */
function filesOfExamples(): Record<string, string> {
  const files: Record<string, string> = {};
  const add = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(root + folder)) {
      if (isDirectory) add(`${folder}${name}/`);
      else files[folder + name] = Deno.readTextFileSync(root + folder + name);
    }
  };
  try {
    add("examples/");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files;
}

/** Splits off `> FILE` at the end of a command line. */
function redirected(args: readonly string[]): [args: readonly string[], file: string | undefined] {
  return args.at(-2) === ">" ? [args.slice(0, -2), args.at(-1)] : [args, undefined];
}

/** Splits a command line at blanks outside double quotes; `#` begins a comment. */
function words(line: string): string[] {
  const code = line.replace(/\s+#.*$/, "");
  return [...code.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}
