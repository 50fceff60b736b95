import assert from "node:assert/strict";
import fc from "fast-check";
import { LeastSquares } from "./least_squares.ts";

function solve(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const problem = new LeastSquares(rows[0]!.length);
  for (const [i, row] of rows.entries()) problem.add(row, values[i]!, 1);
  return problem.solve();
}

Deno.test("unknowns that explain all values are found", () => {
  const unknown = fc.nat(1000);
  const row = fc.tuple(fc.constant(1), fc.integer({ min: 0, max: 50 }), fc.nat(50));
  fc.assert(
    fc.property(fc.tuple(unknown, unknown, unknown), fc.array(row, { maxLength: 9 }), (x, more) => {
      const rows = [[1, 0, 0], [1, 7, 0], [1, 3, 5], ...more];
      const found = solve(rows, rows.map((r) => r[0]! * x[0] + r[1]! * x[1] + r[2]! * x[2]));
      for (const [j, value] of found.entries()) assert.ok(Math.abs(value - x[j]!) < 1e-6 * 1000);
    }),
    { seed: 1 },
  );
});

Deno.test("an unknown that would be negative is 0, and the others make up for it", () => {
  const [a, b] = solve([[1, 0], [1, 1], [1, 2]], [5, 3, 1]);
  assert.equal(b, 0);
  assert.ok(Math.abs(a! - 3) < 1e-12);
});

Deno.test("an unknown that nothing tells about is 0", () => {
  assert.deepEqual(solve([[2, 0], [4, 0]], [6, 12]), [3, 0]);
});

Deno.test("a heavier wish counts more", () => {
  const problem = new LeastSquares(1);
  problem.add([1], 0, 1);
  problem.add([1], 8, 3);
  assert.deepEqual(problem.solve(), [6]);
});
