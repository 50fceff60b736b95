import assert from "node:assert/strict";
import { FakeIo } from "./cli/fake_io.ts";
import { blis } from "./cli/fake_io.ts";

const root = new URL("..", import.meta.url).pathname;

/** `<!-- output of: ARGUMENTS -->` and the block that follows it. */
const SHOWN_OUTPUT = /<!-- output of: (.+?) -->\n```\w*\n(.*?)```/gs;
/** `<!-- file: PATH -->` and the block that is its content. */
const SHOWN_FILE = /<!-- file: (\S+) -->\n```\w*\n(.*?)```/gs;
/** Commands that a text shows: indented by four blanks, or in a block. */
const COMMAND =
  /^(?: {4})?(?:\$ )?(?:npx -y deno@[\d.]+ task -q )?blis ((?:run|convert|compose|schema|models|hardware|workload|check|capacity|sweep)\b.*)$/gm;
const LINK = /\]\((?!https?:|#|mailto:)([^)#]+)/g;

for (const file of markdownFiles("")) {
  const text = Deno.readTextFileSync(root + file);
  const files = filesOfExamples();
  for (const [, path, content] of text.matchAll(SHOWN_FILE)) files[path!] = content!;

  for (const [, args, output] of text.matchAll(SHOWN_OUTPUT)) {
    Deno.test(`${file} shows what \`blis ${args}\` prints`, async () => {
      assert.equal((await blis(args!.split(" "), new FakeIo(files))).stdout, output);
    });
  }

  for (const [, line] of text.matchAll(COMMAND)) {
    Deno.test(`${file}: \`blis ${line}\` works`, async () => {
      const [args, target] = redirected(words(line!));
      const io = new FakeIo(files);
      const { code, stdout, stderr } = await blis(args, io);
      assert.equal(code, 0, stderr);
      // Later commands of the page find the files.
      Object.assign(files, Object.fromEntries(io.files));
      if (target !== undefined) files[target] = stdout;
    });
  }

  Deno.test(`${file} links to files that exist`, () => {
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    for (const [, target] of text.matchAll(LINK)) {
      Deno.statSync(`${root}${folder}${target}`);
    }
  });
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
