import { Float64Column, Int32Column } from "../../sim/internal/columns.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import type { RequestDetails, RequestLabels } from "../../sim/request.ts";
import { MAX_TOKENS } from "../draft.ts";
import { Interned } from "../../sim/internal/interned.ts";
import { PrefixTree } from "./prefix_tree.ts";
import type { TraceReader } from "./trace_csv.ts";
import type { TraceRow } from "./trace_row.ts";

/** From here on a send time is one since 1970, in µs; on the clock of a workload it would be 11 days. */
const EPOCH_US = 1e12;
const FAILED = ["error", "timeout", "incomplete"];

/** The requests of a trace, as columns: what a replay needs of each row. Times in µs. */
export class RecordedTrace {
  /** Names it in errors. */
  readonly file: string;
  readonly requestId = new Float64Column();
  readonly arrivalTimeUs = new Float64Column();
  /** When a request enters the simulation; see `settleClock`. */
  readonly injectedUs = new Float64Column();
  readonly deadlineUs = new Float64Column();
  readonly thinkTimeUs = new Float64Column();
  /** Prompt tokens that no other request has. */
  readonly inputTokens = new Int32Column();
  readonly outputTokens = new Int32Column();
  readonly prefixLength = new Int32Column();
  readonly round = new Int32Column();
  /** Index into `labels`. */
  readonly label = new Int32Column();
  /** Index into `sessions`, -1 = none. */
  readonly session = new Int32Column();
  /** Index into `groups`, -1 = none. */
  readonly group = new Int32Column();
  readonly labels: RequestLabels[] = [];
  readonly sessions = new Interned<string>();
  readonly groups = new Interned<string>();
  /** What prompts share block by block, and the tokens of such a block; 0 until a row says it. */
  readonly tree = new PrefixTree();
  blockTokens = 0;
  /** Content of the tree that a prompt begins with, -1 = none, and how many tokens that are. */
  readonly content = new Int32Column();
  readonly sharedTokens = new Int32Column();
  /** By row, where there is anything to say. */
  readonly details = new Map<number, RequestDetails>();
  /** Rows whose request failed when it was recorded. */
  numFailed = 0;
  readonly #labelNames = new Interned<string>();

  constructor(file: string) {
    this.file = file;
  }

  get length(): number {
    return this.requestId.length;
  }

  /** Appends a row; its send time, 0 for none, stands in `injectedUs` until the clock is settled. */
  add(row: TraceRow): void {
    const label = this.#labelOf(row);
    if (hasDetails(row)) this.details.set(this.length, detailsOf(row));
    if (FAILED.includes(row.status)) this.numFailed++;
    this.requestId.push(row.requestId);
    this.arrivalTimeUs.push(row.arrivalTimeUs);
    this.injectedUs.push(row.sendTimeUs);
    this.deadlineUs.push(row.deadlineUs > 0 ? row.deadlineUs : Infinity);
    this.thinkTimeUs.push(row.thinkTimeUs);
    this.#addPrompt(row);
    this.outputTokens.push(row.outputTokens);
    this.prefixLength.push(row.prefixLength);
    this.round.push(row.roundIndex);
    this.label.push(label);
    this.session.push(row.sessionId === "" ? -1 : this.sessions.indexOf(row.sessionId));
    this.group.push(row.prefixGroup === "" ? -1 : this.groups.indexOf(row.prefixGroup));
  }

  #addPrompt(row: TraceRow): void {
    const promptTokens = inputTokensOf(row);
    const blocks = row.prefixGroup === "" ? blocksOf(row) : undefined;
    if (blocks === undefined) {
      this.inputTokens.push(promptTokens);
      this.content.push(-1);
      this.sharedTokens.push(0);
      return;
    }
    const sharedTokens = Math.min(promptTokens, blocks.tokens * blocks.hashes.length);
    this.blockTokens = blocks.tokens;
    this.inputTokens.push(promptTokens - sharedTokens);
    this.content.push(this.tree.add(blocks.hashes));
    this.sharedTokens.push(sharedTokens);
  }

  /**
   * A request is injected when it was sent or, if that is not known, when it arrived. Send times
   * since 1970 are shifted to the clock of arrivals, by the least difference between the two.
   */
  settleClock(): void {
    const sentUs = this.injectedUs.view();
    const arrivalUs = this.arrivalTimeUs.view();
    const shiftUs = sentUs.some((us) => us >= EPOCH_US) ? leastLagUs(sentUs, arrivalUs) : 0;
    for (const [i, us] of sentUs.entries()) sentUs[i] = us > 0 ? us - shiftUs : arrivalUs[i]!;
  }

  /** Rows come client by client or mixed; the labels of the row before are tried first. */
  #labelOf(row: TraceRow): number {
    const last = this.length > 0 ? this.label.data[this.length - 1]! : -1;
    if (last >= 0 && sameLabels(this.labels[last]!, row)) return last;
    const index = this.#labelNames.indexOf(LABEL_KEYS.map((key) => row[key]).join("\0"));
    if (index === this.labels.length) this.labels.push(labelsOf(row));
    return index;
  }
}

/**
 * Reads all rows of a trace. Throws a ConfigError for a trace without rows, and for a request that
 * is empty or too long.
 */
export function readRecordedTrace(reader: TraceReader, file: string): RecordedTrace {
  const trace = new RecordedTrace(file);
  for (let row = reader.next(); row !== undefined; row = reader.next()) {
    checkLengths(row, reader);
    checkBlocks(row, trace, reader);
    trace.add(row);
  }
  if (trace.length === 0) throw new ConfigError(`The trace ${file} has no requests`, { file });
  trace.settleClock();
  return trace;
}

function checkLengths(row: TraceRow, reader: TraceReader): void {
  const isAlone = row.prefixGroup === "";
  const promptTokens = inputTokensOf(row) + (isAlone ? 0 : row.prefixLength);
  if (promptTokens > MAX_TOKENS) {
    throw reader.error("input_tokens", `the most tokens of a prompt are ${MAX_TOKENS}`);
  }
  if (row.outputTokens > MAX_TOKENS) {
    throw reader.error("output_tokens", `it must be <= ${MAX_TOKENS}`);
  }
  if (promptTokens === 0 && isAlone) {
    throw reader.error("input_tokens", "it must be > 0, since there is no prefix");
  }
}

function checkBlocks(row: TraceRow, { blockTokens }: RecordedTrace, reader: TraceReader): void {
  const { tokens = 0 } = blocksOf(row) ?? {};
  if (tokens === 0 || blockTokens === 0 || tokens === blockTokens) return;
  throw reader.error("prefix_blocks", `all rows must have blocks of ${blockTokens} tokens`);
}

/** The blocks that a prompt shares: tokens of a block, and the identity of each. */
function blocksOf({ prefixBlocks }: TraceRow) {
  if (prefixBlocks === "") return undefined;
  const [tokens, hashes] = prefixBlocks.split(":") as [string, string];
  return { tokens: Number(tokens), hashes: hashes.split(".").map(Number) };
}

/**
 * Prompt tokens of a row beside the prefix of its group. What the server counted wins where no
 * prefix has to be told apart. A prefix without a group is a part of the prompt like any other.
 */
function inputTokensOf(row: TraceRow): number {
  if (row.prefixGroup !== "") return row.inputTokens;
  return row.serverInputTokens > 0 ? row.serverInputTokens : row.inputTokens + row.prefixLength;
}

function leastLagUs(sentUs: Float64Array, arrivalUs: Float64Array): number {
  let least = Infinity;
  for (const [i, us] of sentUs.entries()) {
    if (us > 0) least = Math.min(least, us - arrivalUs[i]!);
  }
  return least;
}

const LABEL_KEYS = [
  "clientId",
  "tenantId",
  "sloClass",
  "model",
  "adapter",
  "prefixGroup",
  "streaming",
  "sloTargetUs",
] as const satisfies readonly (keyof RequestLabels & keyof TraceRow)[];

function sameLabels(labels: RequestLabels, row: TraceRow): boolean {
  return LABEL_KEYS.every((key) => labels[key] === row[key]);
}

function labelsOf(row: TraceRow): RequestLabels {
  const { clientId, tenantId, sloClass, model, adapter, prefixGroup, streaming, sloTargetUs } = row;
  return { clientId, tenantId, sloClass, model, adapter, prefixGroup, streaming, sloTargetUs };
}

function hasDetails(row: TraceRow): boolean {
  return row.textTokens > 0 || row.imageTokens > 0 || row.audioTokens > 0 || row.videoTokens > 0 ||
    row.reasonRatio > 0;
}

function detailsOf(row: TraceRow): RequestDetails {
  const { textTokens, imageTokens, audioTokens, videoTokens, reasonRatio } = row;
  return { textTokens, imageTokens, audioTokens, videoTokens, reasonRatio };
}
