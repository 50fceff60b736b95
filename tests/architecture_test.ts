import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** For each folder, the folders that its sources may import besides itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["cmd"],
  cmd: ["cluster", "workload", "latency", "kv", "trace", "sim", "sim/internal", "data"],
  cluster: ["kv", "latency", "trace", "sim", "sim/internal"],
  workload: ["sim", "sim/internal"],
  latency: ["sim", "sim/internal"],
  kv: ["sim", "sim/internal"],
  trace: [],
  sim: ["sim/internal"],
  "sim/internal": [],
  data: [],
};

/** Packages that only one file may import; zod may be imported everywhere. */
const PACKAGE_FILES: Readonly<Record<string, string>> = {
  commander: "cmd/help.ts",
  "eventsource-parser": "cmd/observe/sse.ts",
  "js-yaml": "sim/internal/yaml_tree.ts",
};

/** Folders of pure code, and what it must not name. */
const PURE = ["sim", "sim/internal", "kv", "latency", "cluster", "workload", "trace"];
const FORBIDDEN =
  /\b(Date|performance|Math\.random|crypto\.getRandomValues|Intl|localeCompare|toLocale\w+|Deno|fetch|setTimeout|setInterval|async|await)\b/;

const MAX_LINES = 300;
/** Schemas and formats may be longer. */
const MAX_SCHEMA_LINES = 400;
const SCHEMAS = new Set(["workload/spec.ts", "workload/fields.ts", "cmd/options.ts"]);

interface Source {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

const sources = [...sourcesIn(""), ...Object.keys(ARROWS).flatMap(sourcesIn)];
const production = sources.filter(({ path }) => !path.endsWith("_test.ts"));

/** The sources right in a folder of the project; of its root only main.ts. */
function sourcesIn(folder: string): Source[] {
  if (folder === "") return [sourceAt("main.ts", "main.ts")];
  return walk(folder)
    .filter((path) => path.endsWith(".ts") && folderOf(path) === folder)
    .map((path) => sourceAt(path, folder));
}

function walk(folder: string): string[] {
  try {
    return [...Deno.readDirSync(`${ROOT}${folder}`)].flatMap(({ name, isDirectory }) =>
      isDirectory ? walk(`${folder}/${name}`) : [`${folder}/${name}`]
    );
  } catch {
    return [];
  }
}

function sourceAt(path: string, folder: string): Source {
  return { path, folder, text: Deno.readTextFileSync(`${ROOT}${path}`) };
}

/** The key of ARROWS that a path belongs to. */
function folderOf(path: string): string {
  if (path.startsWith("sim/internal/")) return "sim/internal";
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
}

function importsOf({ text }: Source, withTypes = true): string[] {
  const statements = [...text.matchAll(/^(?:import|export)\b[^;"']*?from\s+"([^"]+)"/gm)]
    .filter(([statement]) => withTypes || !/^(import|export) type\b/.test(statement));
  const bare = text.matchAll(/^import\s+"([^"]+)"/gm);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"]+)"/g);
  return [...statements, ...bare, ...dynamic].map((match) => match[1]!);
}

function resolved(path: string, target: string): string {
  return new URL(target, `file:///${path}`).pathname.slice(1);
}

Deno.test("imports point along the arrows of the architecture", () => {
  const wrong = production.flatMap((source) =>
    importsOf(source)
      .filter((target) => target.startsWith("."))
      .map((target) => resolved(source.path, target))
      .filter((target) => {
        const folder = folderOf(target);
        return folder !== source.folder && !ARROWS[source.folder]!.includes(folder);
      })
      .map((target) => `${source.path} -> ${target}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("no sources load each other in a circle", () => {
  const graph = new Map(production.map((source) => [
    source.path,
    importsOf(source, false).filter((t) => t.startsWith(".")).map((t) => resolved(source.path, t)),
  ]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    assert.ok(!trail.includes(path), [...trail, path].join(" -> "));
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

Deno.test("a package is imported in one file, so that it can be exchanged there", () => {
  const wrong = production.flatMap((source) =>
    importsOf(source)
      .filter((target) => (PACKAGE_FILES[target] ?? source.path) !== source.path)
      .map((target) => `${source.path} -> ${target}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("simulation code names nothing that differs from run to run", () => {
  const wrong = production
    .filter(({ folder }) => PURE.includes(folder))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, i) => {
        const match = FORBIDDEN.exec(line.replace(/\/\/.*|^\s*\/?\*.*/, ""));
        return match === null ? [] : [`${path}:${i + 1} ${match[0]}`];
      })
    );
  assert.deepEqual(wrong, []);
});

Deno.test("no source is too long to be read at once", () => {
  const wrong = sources
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > (SCHEMAS.has(path) ? MAX_SCHEMA_LINES : MAX_LINES))
    .map(({ path, lines }) => `${path} ${lines}`);
  assert.deepEqual(wrong, []);
});
