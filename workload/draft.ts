import type { RequestDetails, RequestInit, RequestLabels } from "../sim/request.ts";
import type { SharedContent } from "../sim/shared_content.ts";
import { ConfigError } from "../sim/internal/errors.ts";
import type { Random } from "../sim/internal/random.ts";

/** The most tokens of a prompt or an output: beyond it a distribution has run away. */
export const MAX_TOKENS = 2 ** 24;

/** A session of which a client has drawn all rounds. */
export interface DrawnSession {
  readonly id: string;
  /** Content that the group of its client shares, and how much of a prompt that is. */
  readonly prefix: Prefix;
  /** True once its first round is among the requests of the workload. */
  hasStarted: boolean;
}

/** A request being made: its client fills it in, its place among all requests gives its number. */
export class Draft implements RequestInit {
  readonly labels: RequestLabels;
  number = -1;
  name = "";
  arrivalUs = 0;
  promptTokens = 0;
  outputTokens = 0;
  deadlineUs = Infinity;
  sessionId = "";
  round = 0;
  prefixTokens = 0;
  shared: SharedContent | undefined = undefined;
  sharedTokens = 0;
  tokens: Int32Array | undefined = undefined;
  details: RequestDetails | undefined = undefined;
  session: DrawnSession | undefined = undefined;

  constructor(labels: RequestLabels) {
    this.labels = labels;
  }

  get maxOutputTokens(): number {
    return this.outputTokens;
  }
}

/** The tokens that a prompt begins with, before those that are drawn for it. */
export interface Head {
  readonly tokens: number;
  /** Their ids; undefined unless ids are kept. */
  readonly ids: Int32Array | undefined;
}

/** The first tokens of all prompts of a group. */
export interface Prefix extends Head {
  /** Undefined if there are no such tokens. */
  readonly content: SharedContent | undefined;
}

/**
 * Draws the ids of a prompt and of its output, in this order. The draft holds their lengths; its
 * prompt grows by `head`.
 */
export function drawContent(draft: Draft, rng: Random, head: Head): void {
  const { promptTokens: drawn, outputTokens } = draft;
  draft.promptTokens = head.tokens + drawn;
  if (!isPossible(draft.promptTokens, 1) || !isPossible(outputTokens, 0)) throw impossible(draft);
  if (head.ids === undefined) return rng.skipTokens(drawn + outputTokens);
  draft.tokens = new Int32Array(head.tokens + drawn + outputTokens);
  draft.tokens.set(head.ids);
  rng.fillTokens(draft.tokens, head.tokens, drawn + outputTokens);
}

/** Draws `count` output ids for a draft whose prompt is drawn. */
export function drawOutput(draft: Draft, rng: Random, count: number): void {
  const { tokens: ids, promptTokens: tokens } = draft;
  draft.promptTokens = 0;
  draft.outputTokens = count;
  drawContent(draft, rng, { tokens, ids });
}

/** Draws the ids of a prefix of `count` tokens. */
export function drawPrefixIds(rng: Random, count: number, keep: boolean): Int32Array | undefined {
  if (count > MAX_TOKENS) {
    throw new ConfigError(`Cannot use a prefix of ${count} tokens: the most is ${MAX_TOKENS}`);
  }
  const ids = keep ? new Int32Array(count) : undefined;
  if (ids === undefined) rng.skipTokens(count);
  else rng.fillTokens(ids, 0, count);
  return ids;
}

function isPossible(tokens: number, least: number): boolean {
  return tokens >= least && tokens <= MAX_TOKENS;
}

function impossible({ labels, promptTokens, outputTokens }: Draft): ConfigError {
  const message = `Client "${labels.clientId}" made a request of ${promptTokens} prompt and ` +
    `${outputTokens} output tokens: the prompt must have 1 or more, both at most ${MAX_TOKENS}`;
  return new ConfigError(message, { hint: "give its distributions a min and a max" });
}
