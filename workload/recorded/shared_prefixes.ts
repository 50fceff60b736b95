import type { Random } from "../../sim/internal/random.ts";
import { type BlockIds, SharedContent } from "../../sim/shared_content.ts";
import { drawPrefixIds, type Prefix } from "../draft.ts";
import type { RecordedTrace } from "./recorded_trace.ts";

/** What the prefixes of a replay are made with. */
export interface PrefixParts {
  readonly ids: BlockIds;
  /** Stream of the token ids. */
  readonly rng: Random;
  /** True if prefixes carry their token ids. */
  readonly keepTokens: boolean;
}

/** What the prompts of a recorded trace have in common: by prefix group, or block by block. */
export class SharedPrefixes {
  readonly #trace: RecordedTrace;
  readonly #none: Prefix;
  /** By group. */
  readonly #groups: readonly Prefix[];
  /** By content of the prefix tree, as long as any prompt needs it. */
  readonly #contents: readonly Prefix[];

  constructor(trace: RecordedTrace, parts: PrefixParts) {
    this.#trace = trace;
    this.#none = {
      tokens: 0,
      ids: parts.keepTokens ? new Int32Array(0) : undefined,
      content: undefined,
    };
    this.#groups = this.#groupPrefixes(parts);
    this.#contents = treePrefixes(trace, parts);
  }

  /** What the prompt of a row begins with, before the tokens of its own. */
  of(row: number): Prefix {
    const { group, content, sharedTokens } = this.#trace;
    if (group.data[row]! >= 0) return this.#groups[group.data[row]!]!;
    if (content.data[row]! < 0) return this.#none;
    const tokens = sharedTokens.data[row]!;
    const shared = this.#contents[content.data[row]!]!;
    return { tokens, ids: shared.ids?.subarray(0, tokens), content: shared.content };
  }

  /** The first row of a group that states a length rules the prefix of all. */
  #groupPrefixes({ ids, rng, keepTokens }: PrefixParts): Prefix[] {
    const { groups, group, prefixLength, length } = this.#trace;
    const prefixes: Prefix[] = groups.list.map(() => this.#none);
    for (let row = 0; row < length; row++) {
      const tokens = prefixLength.data[row]!;
      const index = group.data[row]!;
      if (index < 0 || tokens === 0 || prefixes[index]!.tokens > 0) continue;
      const content = new SharedContent(ids);
      prefixes[index] = { tokens, ids: drawPrefixIds(rng, tokens, keepTokens), content };
    }
    return prefixes;
  }
}

/** A content comes after the one that it branches off. */
function treePrefixes(trace: RecordedTrace, { ids, rng, keepTokens }: PrefixParts): Prefix[] {
  const { parents, parentBlocks } = trace.tree;
  const lengths = keepTokens ? contentLengths(trace) : undefined;
  const prefixes: Prefix[] = [];
  for (let i = 0; i < parents.length; i++) {
    const parent = prefixes[parents.data[i]!];
    const parentTokens = parentBlocks.data[i]! * trace.blockTokens;
    prefixes.push({
      tokens: lengths?.[i] ?? 0,
      ids: lengths && continued(parent, parentTokens, lengths[i]!, rng),
      content: new SharedContent(ids, parent?.content, parentTokens),
    });
  }
  return prefixes;
}

/** Tokens of each content: as many as a prompt takes of it, or a content that branches off. */
function contentLengths({ tree, content, sharedTokens, blockTokens, length }: RecordedTrace) {
  const lengths = new Int32Array(tree.parents.length);
  const require = (index: number, tokens: number) => {
    if (index >= 0) lengths[index] = Math.max(lengths[index]!, tokens);
  };
  for (let row = 0; row < length; row++) require(content.data[row]!, sharedTokens.data[row]!);
  for (let i = lengths.length - 1; i >= 0; i--) {
    const parentTokens = tree.parentBlocks.data[i]! * blockTokens;
    require(tree.parents.data[i]!, parentTokens);
    require(i, parentTokens);
  }
  return lengths;
}

/** Token ids that begin like those of `parent` and go on at random. */
function continued(
  parent: Prefix | undefined,
  parentTokens: number,
  length: number,
  rng: Random,
): Int32Array {
  const ids = new Int32Array(length);
  if (parent !== undefined) ids.set(parent.ids!.subarray(0, parentTokens));
  rng.fillTokens(ids, parentTokens, length - parentTokens);
  return ids;
}
