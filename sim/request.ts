import type { SharedContent } from "./shared_content.ts";

/** Where a request is in its life; the values are small integers for speed. */
export const RequestState = { QUEUED: 0, RUNNING: 1, COMPLETED: 2, TIMED_OUT: 3 } as const;
export type RequestState = typeof RequestState[keyof typeof RequestState];

/** What all requests of one client have in common; one object a client. Empty means "none". */
export interface RequestLabels {
  readonly clientId: string;
  readonly tenantId: string;
  readonly sloClass: string;
  readonly model: string;
  readonly adapter: string;
  readonly prefixGroup: string;
  readonly streaming: boolean;
  /** TTFT target in µs, 0 = none. */
  readonly sloTargetUs: number;
}

/** What only an exported trace shows of a request. */
export interface RequestDetails {
  readonly textTokens: number;
  readonly imageTokens: number;
  readonly audioTokens: number;
  readonly videoTokens: number;
  /** Share of the output that is reasoning, in [0, 1]. */
  readonly reasonRatio: number;
}

/** The part of a request that its workload decides. */
export interface RequestInit {
  /** N of `request_N`; -1 for a follow-up, which has a name of its own. */
  readonly number: number;
  /** Id of a follow-up; "" for `request_N`. */
  readonly name: string;
  readonly labels: RequestLabels;
  readonly arrivalUs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** The most output tokens that the client allows; generators set it to `outputTokens`. */
  readonly maxOutputTokens: number;
  /** Absolute time in µs at which the client gives up; Infinity = never. */
  readonly deadlineUs: number;
  /** "" = no session. */
  readonly sessionId: string;
  /** Round of its session, from 0. */
  readonly round: number;
  /** Leading prompt tokens that are the prefix of its group. */
  readonly prefixTokens: number;
  /** Content that other requests may hold too, and how many leading tokens of prompt + output it covers. */
  readonly shared: SharedContent | undefined;
  readonly sharedTokens: number;
  /** Prompt ids, then output ids, where the source was asked to keep them. */
  readonly tokens: Int32Array | undefined;
  readonly details: RequestDetails | undefined;
}

const NO_BLOCKS = new Int32Array(0);

/** One request from its arrival to its last token. */
export class Request {
  readonly number: number;
  readonly name: string;
  readonly labels: RequestLabels;
  readonly arrivalUs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  maxOutputTokens: number;
  readonly deadlineUs: number;
  readonly sessionId: string;
  readonly round: number;
  readonly prefixTokens: number;
  readonly shared: SharedContent | undefined;
  readonly sharedTokens: number;
  readonly tokens: Int32Array | undefined;
  readonly details: RequestDetails | undefined;

  state: RequestState = RequestState.QUEUED;
  /** Lower is more urgent. */
  priority = 0;
  /** Its row in the table of results, -1 before it is routed. */
  row = -1;
  /**
   * Prompt tokens whose KV exists, while it prefills; the batch derives the progress of a decode
   * from `decodeStep`. When a request ends, all its tokens: what it leaves to its session.
   */
  numComputedTokens = 0;
  /** Tokens granted in the step being formed. */
  numScheduledTokens = 0;
  /** Prompt tokens that have KV blocks: cached ones and all that were granted. */
  numAllocatedTokens = 0;
  /** Place in the running order of its instance. */
  runOrder = -1;
  /** Step at which a decode would have made its first output token but for stalls; -1 in prefill. */
  decodeStep = -1;
  /** Step at which it completes if it is not stalled, preempted or timed out. */
  dueStep = -1;
  /** True if the model length, not its output, ends it. */
  lengthCapped = false;
  /** Latency to its first token in µs. */
  ttftUs = 0;
  /** End of the step that finished its prompt, in µs. */
  decodeFromUs = 0;
  /** Duration of the steps in which it could decode but was granted nothing, in µs. */
  stalledUs = 0;
  /** Those steps; undefined for the many that never stall. */
  stalledSteps: number[] | undefined = undefined;
  /** Positions in the slots of the two step wheels of its instance. */
  duePosition = -1;
  blockPosition = -1;

  /** KV blocks that it holds, by position; the first `numBlocks` entries count. */
  blocks: Int32Array = NO_BLOCKS;
  numBlocks = 0;
  /** First identity of its private blocks, 0 until somebody could look them up. */
  privateIds = 0;
  /** Identities of all its full blocks, where they were made from its tokens or all had to be named. */
  blockIds: Int32Array | undefined = undefined;

  constructor(init: RequestInit) {
    this.number = init.number;
    this.name = init.name;
    this.labels = init.labels;
    this.arrivalUs = init.arrivalUs;
    this.promptTokens = init.promptTokens;
    this.outputTokens = init.outputTokens;
    this.maxOutputTokens = init.maxOutputTokens;
    this.deadlineUs = init.deadlineUs;
    this.sessionId = init.sessionId;
    this.round = init.round;
    this.prefixTokens = init.prefixTokens;
    this.shared = init.shared;
    this.sharedTokens = init.sharedTokens;
    this.tokens = init.tokens;
    this.details = init.details;
  }

  /** Loses all progress: it was preempted and starts over. */
  reset(): void {
    this.state = RequestState.QUEUED;
    this.numComputedTokens = 0;
    this.numScheduledTokens = 0;
    this.numAllocatedTokens = 0;
    this.decodeStep = -1;
    this.dueStep = -1;
    this.lengthCapped = false;
    this.stalledUs = 0;
    this.stalledSteps = undefined;
  }

  /** The id that users see. */
  get id(): string {
    return this.name === "" ? `request_${this.number}` : this.name;
  }
}
