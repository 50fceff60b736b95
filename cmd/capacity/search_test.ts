import fc from "fast-check";
import assert from "node:assert/strict";
import { contradiction, searchLargest, searchSmallest } from "./search.ts";

function counted(holds: (x: number) => boolean) {
  const tried: number[] = [];
  const probe = (x: number) => {
    tried.push(x);
    return Promise.resolve({ x, holds: holds(x) });
  };
  return { tried, probe };
}

Deno.test("the largest value that holds is found within the precision, from either side", async () => {
  const limits = fc.double({ min: 0.01, max: 900, noNaN: true });
  const starts = fc.double({ min: 0.01, max: 900, noNaN: true });
  await fc.assert(
    fc.asyncProperty(limits, starts, async (limit, start) => {
      const { tried, probe } = counted((x) => x <= limit);
      const bounds = { start, least: 0.001, most: 1000, precision: 0.01 };
      const { best, beyond } = await searchLargest(probe, bounds);
      assert.ok(best!.x <= limit && beyond!.x > limit);
      assert.ok(beyond!.x <= best!.x * 1.01);
      assert.ok(tried.length < 30);
    }),
    { seed: 7, numRuns: 200 },
  );
});

Deno.test("a small first step finds the largest value that holds, from near and from far", async () => {
  const limits = fc.double({ min: 1, max: 900, noNaN: true });
  await fc.assert(
    fc.asyncProperty(limits, limits, async (limit, start) => {
      const { tried, probe } = counted((x) => x <= limit);
      const bounds = { start, least: 0.001, most: 1000, precision: 0.01, firstStep: 1.04 };
      const { best, beyond } = await searchLargest(probe, bounds);
      assert.ok(best!.x <= limit && beyond!.x > limit && beyond!.x <= best!.x * 1.01);
      if (Math.abs(limit / start - 1) < 0.03) assert.ok(tried.length <= 4);
      assert.ok(tried.length < 30);
    }),
    { seed: 7, numRuns: 200 },
  );
});

Deno.test("a value that asks for more leads upwards, and is no answer", async () => {
  const bounds = { start: 1, least: 0.01, most: 1000, precision: 0.01 };
  const between = (lower: number) => (x: number) =>
    Promise.resolve({ x, holds: x >= lower && x <= 30, asksForMore: x < lower });
  const { best, beyond } = await searchLargest(between(20), bounds);
  assert.ok(best!.x <= 30 && best!.x > 29 && beyond!.x > 30);
  const never = await searchLargest(
    (x) => Promise.resolve({ x, holds: false, asksForMore: x <= 30 }),
    bounds,
  );
  assert.equal(never.best, undefined);
  assert.ok(never.beyond!.x <= 30);
  const points = [{ x: 1, holds: false, asksForMore: true }, { x: 2, holds: true }];
  assert.equal(contradiction(points, true), undefined);
});

Deno.test("a search ends where no number is left between its ends", async () => {
  const bounds = { start: 1, least: 0.01, most: 1000, precision: 0 };
  const { best, beyond } = await searchLargest(counted((x) => x <= 7.3).probe, bounds);
  assert.deepEqual([best!.x, beyond!.x > 7.3], [7.3, true]);
});

Deno.test("a search over the reals stops at its bounds", async () => {
  const bounds = { start: 3, least: 1, most: 100, precision: 0.01 };
  const all = await searchLargest(counted(() => true).probe, bounds);
  assert.deepEqual([all.best!.x, all.beyond], [100, undefined]);
  const none = await searchLargest(counted(() => false).probe, bounds);
  assert.deepEqual([none.best, none.beyond!.x], [undefined, 1]);
});

Deno.test("the smallest whole number that holds is found exactly, in few steps", async () => {
  for (let limit = 1; limit <= 64; limit++) {
    const { tried, probe } = counted((x) => x >= limit);
    const { best, beyond } = await searchSmallest(probe, 64);
    assert.equal(best!.x, limit);
    assert.equal(beyond?.x, limit === 1 ? undefined : limit - 1);
    assert.equal(new Set(tried).size, tried.length);
    assert.ok(tried.length <= 13);
  }
  assert.equal((await searchSmallest(counted((x) => x > 50).probe, 50)).best, undefined);
});

Deno.test("a point that fails below one that holds contradicts the search", () => {
  const points = [{ x: 1, holds: true }, { x: 4, holds: false }, { x: 2, holds: false }];
  assert.equal(contradiction(points, true), undefined);
  const more = [...points, { x: 3, holds: true }];
  assert.deepEqual(contradiction(more, true), { fails: points[2], holds: more[3] });
  assert.deepEqual(contradiction(points, false), { fails: points[1], holds: points[0] });
});
