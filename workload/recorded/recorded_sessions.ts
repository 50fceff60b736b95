import { ConfigError } from "../../sim/internal/errors.ts";
import type { RequestLabels } from "../../sim/request.ts";
import type { Prefix } from "../draft.ts";
import type { Lengths } from "../lengths/mod.ts";
import type { RecordedTrace } from "./recorded_trace.ts";
import type { Blueprint } from "../sessions.ts";

const TIMEOUT_US = 300_000_000;

/** The rows of each session, by round; sessions in the order of their first rows. */
export function sessionRows(trace: RecordedTrace): number[][] {
  const sessions: number[][] = trace.sessions.list.map(() => []);
  for (let row = 0; row < trace.length; row++) {
    const session = trace.session.data[row]!;
    if (session >= 0) sessions[session]!.push(row);
  }
  const { data: round } = trace.round;
  for (const [i, rows] of sessions.entries()) {
    rows.sort((a, b) => round[a]! - round[b]! || a - b);
    checkRounds(trace, i, rows.map((row) => round[row]!));
  }
  return sessions;
}

/** The first rounds may be missing, since a warm-up is cut off; after that none may. */
function checkRounds(
  { file, sessions }: RecordedTrace,
  session: number,
  rounds: readonly number[],
): void {
  const wrong = rounds.findIndex((round, i) => round !== rounds[0]! + i);
  if (wrong < 0) return;
  const message = `Session "${sessions.list[session]}" has round ${rounds[wrong]} where round ` +
    `${rounds[0]! + wrong} is due`;
  throw new ConfigError(message, { file, hint: "--session-mode fixed replays rounds as recorded" });
}

/** What the rounds of a recorded session have in common with those of a replay. */
export interface SessionSetting {
  readonly prefix: Prefix;
  readonly accumulates: boolean;
  /** Pause between rounds in µs; 0 = as recorded. */
  readonly thinkTimeUs: number;
}

/** The later rounds of a recorded session: lengths and pauses one after the other. */
export class RecordedRounds implements Blueprint {
  readonly maxRounds: number;
  readonly accumulates: boolean;
  readonly timeoutUs = TIMEOUT_US;
  readonly input: Lengths;
  readonly output: Lengths;
  readonly labels: RequestLabels;
  readonly prefix: Prefix;
  readonly #pausesUs: readonly number[];
  /** Index of the round that comes next among the recorded ones. */
  #next = 1;

  constructor(trace: RecordedTrace, rows: readonly number[], setting: SessionSetting) {
    const [first] = rows;
    this.maxRounds = trace.round.data[first!]! + rows.length;
    this.accumulates = setting.accumulates;
    this.prefix = setting.prefix;
    this.labels = {
      ...trace.labels[trace.label.data[first!]!]!,
      prefixGroup: "",
      streaming: false,
    };
    this.input = { least: 0, next: () => trace.inputTokens.data[rows[this.#next]!]! };
    this.output = { least: 0, next: () => trace.outputTokens.data[rows[this.#next++]!]! };
    this.#pausesUs = setting.thinkTimeUs > 0
      ? rows.map(() => setting.thinkTimeUs)
      : recordedPausesUs(trace, rows);
  }

  /** Pause before the round that comes next, in µs. */
  get thinkTimeUs(): number {
    return this.#pausesUs[this.#next]!;
  }
}

/** Pauses before each round as the client recorded them or, if it did not, the gaps between arrivals. */
function recordedPausesUs(trace: RecordedTrace, rows: readonly number[]): number[] {
  const recorded = rows.map((row) => trace.thinkTimeUs.data[row]!);
  if (recorded.some((us, i) => i > 0 && us !== 0)) return recorded;
  const { data: arrivalUs } = trace.arrivalTimeUs;
  return rows.map((row, i) =>
    i === 0 ? 0 : Math.max(0, arrivalUs[row]! - arrivalUs[rows[i - 1]!]!)
  );
}
