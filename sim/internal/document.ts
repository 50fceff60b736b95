import type { z } from "zod";
import { ConfigError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { PARSED_ONCE } from "./parse_once.ts";
import { hintOf, isSentence, type Issue, requirement } from "./requirement.ts";
import { nodeText, type Path, pathText, resolveNode } from "./resolve_node.ts";
import { type Node, parseTree, YamlProblem } from "./yaml_tree.ts";

export { toYaml } from "./yaml_tree.ts";

/** A stretch of a file's text, in UTF-16 offsets. */
interface Span {
  readonly start: number;
  readonly length: number;
}

/**
 * Reads the first document of a YAML text; JSON is YAML too. `file` names it in errors. Throws a
 * ConfigError for text that is no YAML, for a duplicate key and for an empty file.
 */
export function parseDocument(text: string, file: string): Document {
  try {
    const root = parseTree(text);
    if (root !== undefined) return new Document(text, file, root);
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw errorAt(text, file, error, error.message);
  }
  throw new ConfigError(`The file ${file} is empty`, { file });
}

/** A file as values that know where they stand. */
export class Document {
  readonly file: string;
  readonly #text: string;
  readonly #root: Node;

  constructor(text: string, file: string, root: Node) {
    this.file = file;
    this.#text = text;
    this.#root = root;
  }

  /**
   * The file's content as `schema` wants it. Scalars are read by the type that is due: `z.int()`
   * takes `0x10`, `1_000` and truncates 1.5, `z.bigint()` has 64 bits, `z.string()` takes any
   * scalar by its text. A null leaves a key out. Throws a ConfigError at the first thing wrong.
   */
  decode<S extends z.ZodType>(schema: S): z.output<S> {
    const value = resolveNode(schema, this.#root, [], (node, message, hint) => {
      throw this.#errorAtNode(node, message, hint);
    });
    const result = schema.safeParse(value, PARSED_ONCE);
    if (result.success) return result.data;
    throw this.issueError(result.error.issues[0]!);
  }

  /** An error at the value of `path`, or at the nearest value above it that the file has. */
  error(path: Path, message: string, hint?: string): ConfigError {
    const { node } = this.#find(path);
    return this.#errorAtNode(node, message, hint, pathText(path));
  }

  /** The error that an issue of a schema makes at the value its path leads to. */
  issueError(issue: Issue): ConfigError {
    const { node, depth } = this.#find(issue.path);
    if (isSentence(issue.message) && issue.code === "custom") {
      return this.error(issue.path, issue.message, hintOf(issue));
    }
    if (depth < issue.path.length) {
      const parent = pathText(issue.path.slice(0, depth));
      return this.error(issue.path, `Missing key "${String(issue.path[depth])}" in ${parent}`);
    }
    const message = `Cannot use ${nodeText(node)} for ${pathText(issue.path)}: ${
      requirement(issue)
    }`;
    return this.error(issue.path, message, suggestion(node, issue));
  }

  #find(path: Path): { node: Node; depth: number } {
    let node = this.#root;
    for (const [depth, step] of path.entries()) {
      const child = node.kind === "map"
        ? node.entries.get(String(step))?.value
        : node.kind === "list"
        ? node.items[Number(step)]
        : undefined;
      if (child === undefined) return { node, depth };
      node = child;
    }
    return { node, depth: path.length };
  }

  #errorAtNode(node: Node, message: string, hint?: string, path?: string): ConfigError {
    const length = node.kind === "scalar" ? Math.max(1, node.end - node.start) : 1;
    return errorAt(this.#text, this.file, { start: node.start, length }, message, hint, path);
  }
}

function suggestion(node: Node, issue: Issue): string | undefined {
  if (issue.code !== "invalid_value" || node.kind !== "scalar") return hintOf(issue);
  const similar = nearest(node.text, issue.values.map(String));
  return similar === undefined ? undefined : `did you mean "${similar}"?`;
}

function errorAt(
  text: string,
  file: string,
  { start, length }: Span,
  message: string,
  hint?: string,
  path?: string,
): ConfigError {
  const lineStart = text.slice(0, start).lastIndexOf("\n") + 1;
  const lineEnd = text.indexOf("\n", start);
  const sourceLine = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, "");
  return new ConfigError(message, {
    file,
    line: text.slice(0, lineStart).split("\n").length,
    column: start - lineStart + 1,
    length: Math.min(length, Math.max(1, lineStart + sourceLine.length - start)),
    sourceLine,
    ...(hint !== undefined && { hint }),
    ...(path !== undefined && { path }),
  });
}
