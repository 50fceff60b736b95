import { Diagnostics } from "../../cmd/diagnostics.ts";
import { observeIn } from "../../cmd/observe/observe.ts";
import { readTraceHeader } from "../../workload/recorded/trace_v2.ts";
import { TraceReader } from "../../workload/recorded/trace_csv.ts";
import type { TraceRow } from "../../workload/recorded/trace_row.ts";
import { FakeIo } from "../cli/fake_io.ts";
import { isProbe, streamed, vllmCompletion, wholeAnswer } from "./mock_server.ts";
import { EPOCH_US, VirtualWorld } from "./virtual_world.ts";

/** What an observation leaves behind. */
export interface Observed {
  readonly code: number;
  readonly io: FakeIo;
  readonly rows: readonly TraceRow[];
  /** All bodies that were sent, but for the one that counts tokens. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[];
}

/** What a virtual server says to a body; the request that counts tokens has index -1. */
export type VirtualBehaviour = (
  world: VirtualWorld,
  body: Readonly<Record<string, unknown>>,
  index: number,
) => Response | Promise<Response>;

/** Runs `blis observe` with these flags, beside those for the server and the files of the trace. */
export async function observeLine(
  line: string,
  behaviour: VirtualBehaviour,
  io = new FakeIo(),
): Promise<Observed> {
  const flags = `--server-url http://server --model m --trace-header t.yaml --trace-data t.csv`;
  const args = `${flags} ${line}`.split(" ").filter((word) => word !== "");
  const { code, bodies } = await observeArgs(args, behaviour, io);
  return { code, io, bodies, rows: rowsOf(io) };
}

/** Runs `blis observe` in a virtual world, in which there is no server but this one. */
export async function observeArgs(
  args: readonly string[],
  behaviour: VirtualBehaviour,
  io: FakeIo,
): Promise<Pick<Observed, "code" | "bodies">> {
  const bodies: Record<string, unknown>[] = [];
  const world: VirtualWorld = new VirtualWorld((text) => {
    const body = JSON.parse(text);
    if (isProbe({ body })) return behaviour(world, body, -1);
    return behaviour(world, body, bodies.push(body) - 1);
  });
  const diagnostics = new Diagnostics((text) => io.printError(text));
  const code = await world.pass(observeIn(world).execute(args, { io, diagnostics }));
  return { code, bodies };
}

/** The rows of the trace that an observation wrote; its header must be one too. */
export function rowsOf(io: FakeIo): TraceRow[] {
  readTraceHeader(io.files.get("t.yaml")!, "t.yaml");
  const reader = new TraceReader([io.files.get("t.csv")!], "t.csv");
  const rows: TraceRow[] = [];
  for (let row = reader.next(); row !== undefined; row = reader.next()) rows.push(row);
  return rows;
}

/** Answers whole, after a millisecond for each token; a word is a token. */
export const whole: VirtualBehaviour = async (world, body) => {
  const numTokens = Number(body.max_tokens ?? 1);
  await world.sleep(numTokens * 1000);
  return wholeAnswer(numTokens);
};

/** Answers at once, chunk by chunk if that is asked for. */
export const chunked: VirtualBehaviour = (_world, { max_tokens, stream }) =>
  stream === true ? streamed(vllmCompletion(Number(max_tokens))) : wholeAnswer(Number(max_tokens));

/** When dispatch begins: the request that counts tokens takes a millisecond. */
export const START_US = EPOCH_US + 1000;

/** A column of a trace. */
export const column = <K extends keyof TraceRow>(rows: readonly TraceRow[], key: K) =>
  rows.map((row) => row[key]);
