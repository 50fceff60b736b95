import {
  type AliasEvent,
  dump,
  DUMP_SCHEMA,
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from "js-yaml";
import { isNullText } from "./yaml_scalar.ts";

/** A YAML scalar, unresolved: what it means depends on the type that is due. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly text: string;
  /** True if quoted, in a block style or tagged as a string: then it is text and nothing else. */
  readonly quoted: boolean;
  /** UTF-16 offsets into the source. */
  readonly start: number;
  readonly end: number;
}

/** A YAML map; merge keys are already applied. */
export interface MapNode {
  readonly kind: "map";
  /** By the key's text. */
  readonly entries: ReadonlyMap<string, { readonly key: ScalarNode; readonly value: Node }>;
  readonly start: number;
}

/** A YAML list; null items of a list of maps are left out. */
export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly start: number;
}

/** Any value of a YAML file. */
export type Node = ScalarNode | MapNode | ListNode;

/** What is wrong with a text as YAML, and where. */
export class YamlProblem extends Error {
  readonly start: number;
  readonly length: number;

  constructor(message: string, start: number, length = 1) {
    super(message);
    this.start = start;
    this.length = length;
  }
}

/** The first document of a YAML text; undefined if there is none. Throws a YamlProblem. */
export function parseTree(source: string): Node | undefined {
  try {
    const events = parseEvents(source, {});
    return events.length === 0 ? undefined : new TreeBuilder(source, events).build();
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlProblem(`Cannot read the YAML: ${error.reason}`, error.mark?.position ?? 0);
  }
}

/** The library writes integers, but none of 64 bits. */
const WRITE_SCHEMA = DUMP_SCHEMA.withTags(
  DUMP_SCHEMA.tags.filter(({ tagName }) => tagName === "tag:yaml.org,2002:int").map((tag) => ({
    ...tag,
    identify: (value: unknown) => typeof value === "bigint" || tag.identify!(value),
  })),
);

/** A value as YAML text, keys in their order, nothing folded. */
export function toYaml(value: unknown): string {
  return dump(value, { noRefs: true, lineWidth: -1, schema: WRITE_SCHEMA });
}

/** True if the node is a plain `~`, `null` or empty. */
export function isNull(node: Node): boolean {
  return node.kind === "scalar" && !node.quoted && isNullText(node.text);
}

type NodeEvent = ScalarEvent | MappingEvent | SequenceEvent | AliasEvent;

/** Joins the events of the first document into a tree. */
class TreeBuilder {
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, Node>();
  #next = 1;

  constructor(source: string, events: readonly Event[]) {
    this.#source = source;
    this.#events = events;
  }

  build(): Node {
    return this.#node();
  }

  #node(): Node {
    const event = this.#events[this.#next++] as NodeEvent;
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event);
    const node = this.#anchored(event);
    // Set at its end, so an alias within its own anchor is unknown: no tree is endless.
    if (event.anchorStart >= 0) this.#anchors.set(this.#text(event), node);
    return node;
  }

  #anchored(event: ScalarEvent | MappingEvent | SequenceEvent): Node {
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event);
    return event.type === EVENT_ID.MAPPING ? this.#map(event.start) : this.#list(event.start);
  }

  #scalar(event: ScalarEvent): ScalarNode {
    const tag = event.tagStart < 0 ? "" : this.#source.slice(event.tagStart, event.tagEnd);
    const quoted = tag === "" ? event.style !== SCALAR_STYLE.PLAIN : tag === "!!str" || tag === "!";
    const start = event.valueStart < 0 ? this.#endOfPrevious() : event.valueStart;
    return {
      kind: "scalar",
      text: getScalarValue(this.#source, event),
      quoted,
      start,
      end: Math.max(start, event.valueEnd),
    };
  }

  /** An empty scalar has no place of its own: it is shown where the one before it ends. */
  #endOfPrevious(): number {
    for (let i = this.#next - 2; i > 0; i--) {
      const event = this.#events[i]!;
      if (event.type === EVENT_ID.SCALAR && event.valueEnd >= 0) return event.valueEnd;
      if ("start" in event) return event.start;
    }
    return 0;
  }

  #list(start: number): ListNode {
    const items: Node[] = [];
    while (!this.#popped()) items.push(this.#node());
    const ofMaps = items.some((item) => item.kind === "map");
    return { kind: "list", items: ofMaps ? items.filter((item) => !isNull(item)) : items, start };
  }

  #map(start: number): MapNode {
    const entries = new Map<string, { key: ScalarNode; value: Node }>();
    let merged: Node | undefined;
    while (!this.#popped()) {
      const key = this.#node();
      if (key.kind !== "scalar") {
        throw new YamlProblem(`Cannot use a ${key.kind} as a key`, key.start);
      }
      const isMerge = key.text === "<<" && !key.quoted;
      if (isMerge ? merged !== undefined : entries.has(key.text)) {
        throw new YamlProblem(`Key "${key.text}" appears twice`, key.start, key.end - key.start);
      }
      const value = this.#node();
      if (isMerge) merged = value;
      else entries.set(key.text, { key, value });
    }
    if (merged !== undefined) merge(entries, merged);
    return { kind: "map", entries, start };
  }

  #alias(event: AliasEvent): Node {
    const name = this.#text(event);
    const node = this.#anchors.get(name);
    if (node === undefined) {
      throw new YamlProblem(`Unknown anchor "${name}"`, event.anchorStart, name.length);
    }
    return node;
  }

  #text(event: { readonly anchorStart: number; readonly anchorEnd: number }): string {
    return this.#source.slice(event.anchorStart, event.anchorEnd);
  }

  #popped(): boolean {
    if (this.#events[this.#next]!.type !== EVENT_ID.POP) return false;
    this.#next++;
    return true;
  }
}

/** Lays a map, or several of which the first wins, under the entries of another. */
function merge(
  entries: Map<string, { key: ScalarNode; value: Node }>,
  from: Node,
): void {
  for (const map of from.kind === "list" ? from.items : [from]) {
    if (map.kind !== "map") {
      throw new YamlProblem(`Cannot merge a ${map.kind} into a map`, map.start);
    }
    for (const [name, entry] of map.entries) {
      if (!entries.has(name)) entries.set(name, entry);
    }
  }
}
