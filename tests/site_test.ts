import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { walkMarkdown } from "./fixtures/markdown.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

Deno.test("every page is in the navigation of the site, once, and every entry is a page", () => {
  const text = Deno.readTextFileSync(`${ROOT}mkdocs.yml`);
  const nav = text.slice(text.indexOf("\nnav:")).match(/\S+\.md$/gm)!;
  assert.deepEqual(nav.toSorted(), walkMarkdown(`${ROOT}docs`).toSorted());
});

Deno.test("a link into a page leads to a heading of it", () => {
  const pages = new Map(
    walkMarkdown(`${ROOT}docs`)
      .map((path) => [path, Deno.readTextFileSync(`${ROOT}docs/${path}`)]),
  );
  const dead: string[] = [];
  for (const [path, text] of pages) {
    for (const [, target, anchor] of text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)]+)\)/g)) {
      const page = target === "" ? path : new URL(target!, `file:///${path}`).pathname.slice(1);
      const headings = (pages.get(page) ?? "").matchAll(/^#+ (.*)$/gm);
      if (![...headings].some(([, heading]) => slug(heading!) === anchor)) {
        dead.push(`${path}: ${target}#${anchor}`);
      }
    }
  }
  assert.deepEqual(dead, []);
});

/** The anchor of a heading, as Python-Markdown makes it. */
function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^\w\s-]/g, "").trim().replace(/[-\s]+/g, "-");
}
