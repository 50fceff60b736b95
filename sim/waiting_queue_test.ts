import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import type { Request } from "./request.ts";
import { sjf } from "./schedulers/sjf.ts";
import { WaitingQueue } from "./waiting_queue.ts";

type Op = "push" | "preempt" | "shift" | "remove";

const ops = fc.array(
  fc.record({
    // Many pushes at first, so that the queue gets long enough to be moved to its front.
    kind: fc.constantFrom<Op>("push", "push", "push", "preempt", "shift", "shift", "remove"),
    promptTokens: fc.nat(5),
    pick: fc.nat(),
  }),
  { maxLength: 600, size: "max" },
);

type Ops = typeof ops extends fc.Arbitrary<infer T> ? T : never;

/** Applies operations to a queue and to a plain list, and compares them after each. */
function compare(
  queue: WaitingQueue,
  list: Ops,
  add: (plain: Request[], request: Request, preempted: boolean) => void,
): void {
  const plain: Request[] = [];
  list.forEach(({ kind, promptTokens, pick }, number) => {
    const request = requestWith({ number, promptTokens, arrivalUs: number >> 1 });
    if (kind === "push") {
      queue.push(request);
      add(plain, request, false);
    } else if (kind === "preempt") {
      queue.pushPreempted(request);
      add(plain, request, true);
    } else if (plain.length > 0 && kind === "shift") assert.equal(queue.shift(), plain.shift());
    else if (plain.length > 0) queue.remove(plain.splice(pick % plain.length, 1)[0]!);
    assert.equal(queue.length, plain.length);
    if (plain.length > 0) assert.equal(queue.first, plain[0]);
  });
  while (plain.length > 0) assert.equal(queue.shift(), plain.shift());
  assert.equal(queue.length, 0);
}

Deno.test("a queue without order is a list whose preempted requests go to the front", () => {
  fc.assert(
    fc.property(ops, (list) => {
      compare(new WaitingQueue(undefined), list, (plain, request, preempted) => {
        if (preempted) plain.unshift(request);
        else plain.push(request);
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("a queue with an order equals a list that is sorted after every change", () => {
  fc.assert(
    fc.property(ops, (list) => {
      compare(new WaitingQueue(sjf.order), list, (plain, request) => {
        plain.push(request);
        plain.sort(sjf.order);
      });
    }),
    { seed: 2, numRuns: 200 },
  );
});
