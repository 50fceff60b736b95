import assert from "node:assert/strict";
import fc from "fast-check";
import { Answer } from "../../cmd/observe/answer.ts";
import { Dispatcher, type Sender } from "../../cmd/observe/dispatcher.ts";
import type { Request } from "../../sim/request.ts";
import { RequestState } from "../../sim/request.ts";
import type { RequestSource } from "../../sim/request_source.ts";
import { requestWith } from "../fixtures/requests.ts";
import { EPOCH_US, VirtualWorld } from "./virtual_world.ts";

/** When a request was sent, in µs from the beginning, and in which order it ended. */
interface Sent {
  readonly request: Request;
  readonly index: number;
  readonly sentUs: number;
}

interface Run {
  readonly sent: readonly Sent[];
  readonly mostInFlight: number;
  readonly numHeldBack: number;
}

interface Options {
  readonly maxInFlight?: number;
  readonly stopAtUs?: number;
  readonly status?: (request: Request) => "ok" | "error";
  readonly outputTokens?: number;
  /** How long the answer to a request takes, in µs. */
  durationUs(request: Request): number;
}

/** Dispatches a workload in a virtual world; requests are listed as they ended. */
async function dispatch(source: RequestSource, options: Options): Promise<Run> {
  const world = new VirtualWorld();
  const { maxInFlight = 256, stopAtUs, status = () => "ok", outputTokens = 0 } = options;
  const stop = new AbortController();
  let inFlight = 0;
  let mostInFlight = 0;
  const sender: Sender<Request> = {
    prepare: (request) => request,
    async send(request) {
      const answer = new Answer(world.nowUs(), false);
      answer.status = status(request);
      answer.outputTokens = outputTokens;
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      await world.sleep(options.durationUs(request));
      inFlight--;
      return answer;
    },
  };
  if (stopAtUs !== undefined) world.after(stopAtUs / 1000, () => stop.abort());
  const limits = { maxInFlight, stop: stop.signal };
  const dispatcher = new Dispatcher(source, sender, limits, world);
  const sent: Sent[] = [];
  await world.pass(
    dispatcher.run(({ request, index, answer }) =>
      sent.push({ request, index, sentUs: answer.sendUs - EPOCH_US })
    ),
  );
  return { sent, mostInFlight, numHeldBack: dispatcher.numHeldBack };
}

function listed(requests: readonly Request[]): RequestSource {
  let i = 0;
  return { next: () => requests[i++] };
}

const at = (...arrivals: number[]) =>
  listed(arrivals.map((arrivalUs, number) => requestWith({ number, arrivalUs })));

const timesOf = ({ sent }: Run) =>
  [...sent].sort((a, b) => a.index - b.index).map(({ sentUs }) => sentUs);

Deno.test("each request is sent at its time, however long the others take", async () => {
  const run = await dispatch(at(0, 1500, 1500, 70_000), { durationUs: () => 1_000_000 });
  assert.deepEqual(timesOf(run), [0, 1500, 1500, 70_000]);
  assert.equal(run.numHeldBack, 0);
});

Deno.test("with the most requests on their way the next one waits, and those behind it", async () => {
  const run = await dispatch(at(0, 10, 20, 5000), { maxInFlight: 1, durationUs: () => 1000 });
  assert.deepEqual(timesOf(run), [0, 1000, 2000, 5000]);
  assert.equal(run.mostInFlight, 1);
  assert.equal(run.numHeldBack, 2);
});

Deno.test("requests are told of as they end, with their place in the order of sending", async () => {
  const durations = [900, 100, 500];
  const run = await dispatch(at(0, 0, 0), { durationUs: ({ number }) => durations[number]! });
  assert.deepEqual(run.sent.map(({ index }) => index), [1, 2, 0]);
});

/** A source whose session `s` goes on `thinkUs` after each answer, for so many rounds. */
function session(first: readonly Request[], thinkUs: number, rounds: number) {
  const source = listed(first);
  const ended: { request: Request; atUs: number }[] = [];
  return {
    ended,
    next: () => source.next(),
    onFinished(request: Request, atUs: number): Request[] {
      ended.push({ request, atUs });
      if (request.state !== RequestState.COMPLETED || request.round + 1 >= rounds) return [];
      const { sessionId } = request;
      const round = request.round + 1;
      return [requestWith({ number: -1, name: "x", sessionId, round, arrivalUs: atUs + thinkUs })];
    },
  };
}

Deno.test("a follow-up goes before requests that are due later", async () => {
  const source = session(
    [requestWith({ sessionId: "s" }), requestWith({ number: 1, arrivalUs: 50_000 })],
    2000,
    3,
  );
  const run = await dispatch(source, { durationUs: () => 1000 });
  assert.deepEqual(timesOf(run), [0, 3000, 6000, 50_000]);
  assert.deepEqual(source.ended.map(({ atUs }) => atUs), [1000, 4000, 7000]);
});

Deno.test("follow-ups go by their time, not by when they came to be", async () => {
  const thinking = new Map([["slow", 9000], ["fast", 10]]);
  const first = [requestWith({ sessionId: "slow" }), requestWith({ sessionId: "fast" })];
  const source = listed(first);
  const run = await dispatch({
    next: () => source.next(),
    onFinished: ({ sessionId, round }, atUs) =>
      round > 0
        ? []
        : [requestWith({ sessionId, round: 1, arrivalUs: atUs + thinking.get(sessionId)! })],
  }, { durationUs: ({ sessionId }) => sessionId === "slow" ? 100 : 200 });
  const later = run.sent.filter(({ request }) => request.round > 0);
  assert.deepEqual(later.map(({ sentUs }) => sentUs), [210, 9100]);
});

Deno.test("a failed round ends its session", async () => {
  const source = session([requestWith({ sessionId: "s" })], 0, 5);
  const run = await dispatch(source, {
    durationUs: () => 10,
    status: ({ round }) => round === 1 ? "error" : "ok",
  });
  assert.deepEqual(run.sent.map(({ request }) => request.round), [0, 1]);
  assert.equal(source.ended.at(-1)!.request.state, RequestState.TIMED_OUT);
});

Deno.test("a session hears of the output that the server counted, as ids from 1 on", async () => {
  const tokens = Int32Array.of(70, 71, 72);
  const first = requestWith({ sessionId: "s", promptTokens: 2, outputTokens: 1, tokens });
  const source = session([first], 0, 1);
  await dispatch(source, { durationUs: () => 10, outputTokens: 3 });
  const { request } = source.ended[0]!;
  assert.deepEqual([...request.tokens!], [70, 71, 1, 2, 3]);
  assert.equal(request.outputTokens, 3);
  assert.equal(request.numComputedTokens, 5);
});

Deno.test("after a stop nothing is sent, and those on their way are waited for", async () => {
  const run = await dispatch(at(0, 1000, 9000), { stopAtUs: 4000, durationUs: () => 10_000 });
  assert.deepEqual(timesOf(run), [0, 1000]);
});

Deno.test("an error of the source lets those on their way end, and then counts", async () => {
  const source = at(0);
  let numEnded = 0;
  const broken: RequestSource = {
    next() {
      const request = source.next();
      if (request === undefined) throw new SyntaxError("too long");
      return request;
    },
  };
  await assert.rejects(
    dispatch(broken, { durationUs: () => (numEnded++, 500) }),
    /too long/,
  );
  assert.equal(numEnded, 1);
});

Deno.test("any workload is sent in order, not early, within its limit, and all of it", async () => {
  const workload = fc.record({
    gaps: fc.array(fc.nat(3000), { minLength: 1, maxLength: 25 }),
    durations: fc.array(fc.nat(8000), { minLength: 1, maxLength: 7 }),
    maxInFlight: fc.integer({ min: 1, max: 6 }),
  });
  const property = fc.asyncProperty(workload, async ({ gaps, durations, maxInFlight }) => {
    let arrivalUs = 0;
    const arrivals = gaps.map((gap) => arrivalUs += gap);
    const durationUs = ({ number }: Request) => durations[number % durations.length]!;
    const run = await dispatch(at(...arrivals), { maxInFlight, durationUs });
    const inOrder = [...run.sent].sort((a, b) => a.index - b.index);
    assert.deepEqual(inOrder.map(({ index }) => index), arrivals.map((_, i) => i));
    assert.deepEqual(inOrder.map(({ request }) => request.number), arrivals.map((_, i) => i));
    assert.ok(run.mostInFlight <= maxInFlight);
    inOrder.forEach(({ sentUs }, i) => assert.ok(sentUs >= arrivals[i]!));
    if (run.numHeldBack === 0) assert.deepEqual(timesOf(run), arrivals);
  });
  await fc.assert(property, { seed: 7, numRuns: 60 });
});
