import type { CsvRecord } from "../../sim/internal/csv.ts";

/** One request of a trace. Empty texts and zeros mean "none"; times are µs. */
export interface TraceRow {
  readonly requestId: number;
  readonly clientId: string;
  readonly tenantId: string;
  readonly sloClass: string;
  readonly vllmPriority: number;
  readonly sessionId: string;
  /** Round of its session, from 0. */
  readonly roundIndex: number;
  readonly prefixGroup: string;
  /** Tokens of the prefix that its group shares. */
  readonly prefixLength: number;
  readonly streaming: boolean;
  /** Prompt tokens beside the prefix. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly textTokens: number;
  readonly imageTokens: number;
  readonly audioTokens: number;
  readonly videoTokens: number;
  /** Share of the output that is reasoning, in [0, 1]. */
  readonly reasonRatio: number;
  readonly model: string;
  /** Absolute, on the clock of `arrivalTimeUs`. */
  readonly deadlineUs: number;
  readonly sloTargetUs: number;
  /** All prompt tokens as the server counted them. */
  readonly serverInputTokens: number;
  /** From the start of the workload. */
  readonly arrivalTimeUs: number;
  /** On a clock of its own in an observed trace: since 1970. The two chunk times go by it. */
  readonly sendTimeUs: number;
  readonly firstChunkTimeUs: number;
  readonly lastChunkTimeUs: number;
  readonly numChunks: number;
  /** ok, error, timeout or incomplete. */
  readonly status: string;
  readonly errorMessage: string;
  readonly finishReason: string;
  readonly xRequestId: string;
  readonly adapter: string;
  /** Pause of the client before this round. */
  readonly thinkTimeUs: number;
  /**
   * What the prompt shares with others, block by block: `512:7.9` says that its first block of 512
   * tokens is the content 7, and the second one 9 after 7. Ours, for traces that know it.
   */
  readonly prefixBlocks: string;
}

/** How the values of a column are read and written. */
export interface ColumnKind<T> {
  /** What a value must be, as an error says it. */
  readonly accepts: string;
  /** The value of a field, undefined if it is none. `last` is that of the row before. */
  read(record: CsvRecord, i: number, last: T): T | undefined;
  print(value: T): string;
}

/** A column of a trace file. */
export interface TraceColumn<K extends keyof TraceRow = keyof TraceRow> {
  readonly name: string;
  readonly key: K;
  readonly kind: ColumnKind<TraceRow[K]>;
  /** True if a file may lack it. */
  readonly isOptional: boolean;
}

const whole: ColumnKind<number> = {
  accepts: "it must be a whole number within ±2^53",
  read(record, i) {
    const value = record.whole(i);
    return Number.isNaN(value) ? undefined : value;
  },
  print: String,
};

const notNegative: ColumnKind<number> = {
  accepts: "it must be a whole number in 0..2^53",
  read(record, i) {
    const value = record.whole(i);
    return value >= 0 ? value : undefined;
  },
  print: String,
};

const MAX_COUNT = 2 ** 31 - 1;

const count: ColumnKind<number> = {
  accepts: `it must be a whole number in 0..${MAX_COUNT}`,
  read(record, i) {
    const value = record.whole(i);
    return value >= 0 && value <= MAX_COUNT ? value : undefined;
  },
  print: String,
};

const pause: ColumnKind<number> = {
  ...notNegative,
  read: (record, i, last) => record.is(i, "") ? 0 : notNegative.read(record, i, last),
};

const TRUE = ["true", "1", "t", "T", "TRUE", "True"];
const FALSE = ["false", "0", "f", "F", "FALSE", "False"];

const flag: ColumnKind<boolean> = {
  accepts: "it must be true or false",
  read(record, i) {
    if (FALSE.some((word) => record.is(i, word))) return false;
    return TRUE.some((word) => record.is(i, word)) ? true : undefined;
  },
  print: String,
};

const DECIMAL = /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/;

const ratio: ColumnKind<number> = {
  accepts: "it must be a number in 0..1",
  read(record, i) {
    if (record.is(i, "0")) return 0;
    const text = record.field(i);
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    return value >= 0 && value <= 1 ? value : undefined;
  },
  print: plainDecimal,
};

const text: ColumnKind<string> = {
  accepts: "it must be text",
  read: (record, i, last) => record.is(i, last) ? last : record.field(i),
  print: (value) => value,
};

const trimmedText: ColumnKind<string> = {
  ...text,
  read: (record, i, last) => record.is(i, last) ? last : record.field(i).trim(),
};

const PREFIX_BLOCKS = /^([1-9]\d{0,8}:\d{1,9}(\.\d{1,9})*)?$/;

const prefixBlocks: ColumnKind<string> = {
  accepts: "it must be written TOKENS:ID.ID.ID, e.g. 512:7.9",
  read(record, i) {
    const value = record.field(i);
    return PREFIX_BLOCKS.test(value) ? value : undefined;
  },
  print: (value) => value,
};

/** All columns in the order in which they are written. */
export const TRACE_COLUMNS: readonly TraceColumn[] = [
  column("request_id", "requestId", whole),
  column("client_id", "clientId", text),
  column("tenant_id", "tenantId", text),
  column("slo_class", "sloClass", text),
  optional("vllm_priority", "vllmPriority", notNegative),
  column("session_id", "sessionId", text),
  column("round_index", "roundIndex", whole),
  column("prefix_group", "prefixGroup", text),
  column("prefix_length", "prefixLength", count),
  column("streaming", "streaming", flag),
  column("input_tokens", "inputTokens", count),
  column("output_tokens", "outputTokens", count),
  column("text_tokens", "textTokens", count),
  column("image_tokens", "imageTokens", count),
  column("audio_tokens", "audioTokens", count),
  column("video_tokens", "videoTokens", count),
  column("reason_ratio", "reasonRatio", ratio),
  column("model", "model", text),
  column("deadline_us", "deadlineUs", notNegative),
  optional("slo_target_us", "sloTargetUs", notNegative),
  column("server_input_tokens", "serverInputTokens", count),
  column("arrival_time_us", "arrivalTimeUs", whole),
  column("send_time_us", "sendTimeUs", whole),
  column("first_chunk_time_us", "firstChunkTimeUs", whole),
  column("last_chunk_time_us", "lastChunkTimeUs", whole),
  column("num_chunks", "numChunks", count),
  column("status", "status", text),
  column("error_message", "errorMessage", trimmedText),
  column("finish_reason", "finishReason", trimmedText),
  optional("x_request_id", "xRequestId", trimmedText),
  optional("adapter", "adapter", trimmedText),
  optional("think_time_us", "thinkTimeUs", pause),
  optional("prefix_blocks", "prefixBlocks", prefixBlocks),
];

/** The row of a request about which nothing is known. */
export const BLANK_ROW: TraceRow = {
  requestId: 0,
  clientId: "",
  tenantId: "",
  sloClass: "",
  vllmPriority: 0,
  sessionId: "",
  roundIndex: 0,
  prefixGroup: "",
  prefixLength: 0,
  streaming: false,
  inputTokens: 0,
  outputTokens: 0,
  textTokens: 0,
  imageTokens: 0,
  audioTokens: 0,
  videoTokens: 0,
  reasonRatio: 0,
  model: "",
  deadlineUs: 0,
  sloTargetUs: 0,
  serverInputTokens: 0,
  arrivalTimeUs: 0,
  sendTimeUs: 0,
  firstChunkTimeUs: 0,
  lastChunkTimeUs: 0,
  numChunks: 0,
  status: "",
  errorMessage: "",
  finishReason: "",
  xRequestId: "",
  adapter: "",
  thinkTimeUs: 0,
  prefixBlocks: "",
};

function column<K extends keyof TraceRow>(
  name: string,
  key: K,
  kind: ColumnKind<TraceRow[K]>,
): TraceColumn {
  return { name, key, kind, isOptional: false } as unknown as TraceColumn;
}

function optional<K extends keyof TraceRow>(
  name: string,
  key: K,
  kind: ColumnKind<TraceRow[K]>,
): TraceColumn {
  return { ...column(name, key, kind), isOptional: true };
}

/** The shortest decimal that reads back as `value`, without an exponent. */
function plainDecimal(value: number): string {
  const [mantissa, exponent] = String(value).split("e-") as [string, string?];
  if (exponent === undefined) return mantissa;
  const digits = mantissa.replace(".", "");
  return `0.${"0".repeat(Number(exponent) - 1)}${digits}`;
}
