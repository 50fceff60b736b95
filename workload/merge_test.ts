import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_LABELS } from "../tests/fixtures/requests.ts";
import { Draft } from "./draft.ts";
import { Merge } from "./merge.ts";
import { Pending } from "./pending.ts";

const RUNS = { seed: 7, numRuns: 100 };
const times = fc.array(fc.nat(9), { maxLength: 6 });

function draftAt(arrivalUs: number, promptTokens: number): Draft {
  const draft = new Draft(NO_LABELS);
  draft.arrivalUs = arrivalUs;
  draft.promptTokens = promptTokens;
  return draft;
}

/** Drafts by time, marked with the number of their stream; counts how many were asked for. */
function streamOf(timesUs: readonly number[], mark: number, asked = { count: 0 }) {
  return {
    *start(): Generator<Draft, void, void> {
      for (const timeUs of timesUs) {
        asked.count++;
        yield draftAt(timeUs, mark);
      }
    },
  };
}

function drain(merge: Merge): [timeUs: number, mark: number][] {
  const taken: [number, number][] = [];
  while (merge.nextUs < Infinity) {
    const { arrivalUs, promptTokens } = merge.take();
    taken.push([arrivalUs, promptTokens]);
  }
  return taken;
}

Deno.test("streams are merged like a stable sort of all that they have, up to a limit", () => {
  fc.assert(
    fc.property(fc.array(times, { maxLength: 8 }), fc.nat(20), (lists, limit) => {
      const sorted = lists.map((list) => list.toSorted((a, b) => a - b));
      const all = sorted.flatMap((list, mark) => list.map((time) => [time, mark]));
      const want = all.sort((a, b) => a[0]! - b[0]!).slice(0, limit);
      assert.deepEqual(drain(new Merge(sorted.map((list, i) => streamOf(list, i)), limit)), want);
    }),
    RUNS,
  );
});

Deno.test("many streams sleep until they are due, which changes nothing", () => {
  const count = 5000;
  const sources = Array.from(
    { length: count },
    (_, i) => streamOf([(7 * i) % count, count + i], i),
  );
  const taken = drain(new Merge(sources));
  assert.equal(taken.length, 2 * count);
  taken.forEach(([timeUs], i) => assert.equal(timeUs, i));
});

Deno.test("a stream is not asked for more than is needed", () => {
  const asked = { count: 0 };
  const merge = new Merge([streamOf([1, 2, 3, 4, 5, 6], 0, asked)], 3);
  assert.equal(asked.count, 1);
  assert.equal(drain(merge).length, 3);
  assert.equal(asked.count, 3);
});

Deno.test("what a client makes out of order leaves by arrival, the first made first", () => {
  fc.assert(
    fc.property(fc.array(times, { maxLength: 8 }), (batches) => {
      const pending = new Pending();
      const all: [number, number][] = [];
      const earliest = batches.map((_, i) => Math.min(...batches.slice(i + 1).flat()));
      function* steps(): Generator<void, void, void> {
        for (const [i, batch] of batches.entries()) {
          for (const timeUs of batch) {
            pending.add(draftAt(timeUs, all.length));
            all.push([timeUs, all.length]);
          }
          pending.floorUs = earliest[i]!;
          yield;
        }
      }
      const taken = [...pending.inOrder(steps())].map((d) => [d.arrivalUs, d.promptTokens]);
      assert.deepEqual(taken, all.sort((a, b) => a[0] - b[0]));
    }),
    RUNS,
  );
});
