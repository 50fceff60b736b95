import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { blis, FakeIo } from "./cli/fake_io.ts";

const ROOT = new URL("..", import.meta.url);

/** `<!-- within the output of: ARGUMENTS -->` and a block that shows a part of it. */
const SHOWN_PART = /<!-- within the output of: (.+?) -->\n```\w*\n(.*?)```/gs;
/** `<!-- file: PATH -->` and the block that is its content. */
const SHOWN_FILE = /<!-- file: (\S+) -->\n```\w*\n(.*?)```/gs;

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function namesIn(folder: string, suffix: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(suffix))
    .sort();
}

const examples = namesIn("examples/", ".yaml").map((name) => `examples/${name}`);
const exampleFiles = Object.fromEntries(examples.map((path) => [path, read(path)]));

const pages = ["docs/", "docs/guide/", "docs/concepts/"].flatMap((folder) =>
  namesIn(folder, ".md").map((name) => `${folder}${name}`)
);

for (const page of pages) {
  const text = read(page);
  const files = { ...exampleFiles };
  for (const [, path, content] of text.matchAll(SHOWN_FILE)) files[path!] = content!;
  for (const [, args, part] of text.matchAll(SHOWN_PART)) {
    Deno.test(`${page} shows a part of what \`blis ${args}\` prints`, async () => {
      const { stdout, stderr } = await blis(args!.split(" "), new FakeIo(files));
      assert.ok(`\n${stdout}`.includes(`\n${part}`), `${part}\nis not in\n${stdout}${stderr}`);
    });
  }
}

/** Writes the sources that a page shows into `folder`, from where they import as if they lay in the project. */
function writeSources(page: string, folder: string): string[] {
  const sources = [...read(page).matchAll(SHOWN_FILE)].map(([, path, code]) => ({ path, code }));
  const shown = new Set(sources.map(({ path }) => new URL(path!, ROOT).href));
  const fileOf = (href: string) =>
    `${pathToFileURL(folder).href}/${href.slice(href.lastIndexOf("/") + 1)}`;
  return sources.map(({ path, code }) => {
    const own = new URL(path!, ROOT);
    const resolved = code!.replace(/ from "(\..+?)"/g, (_, target) => {
      const { href } = new URL(target, own);
      return ` from "${shown.has(href) ? fileOf(href) : href}"`;
    });
    Deno.writeTextFileSync(new URL(fileOf(own.href)), resolved);
    return fileOf(own.href);
  });
}

// The test that the page shows registers itself.
const folder = Deno.makeTempDirSync();
for (const url of writeSources("docs/guide/write-a-policy.md", folder)) await import(url);
Deno.removeSync(folder, { recursive: true });
