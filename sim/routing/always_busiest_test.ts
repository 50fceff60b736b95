import assert from "node:assert/strict";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { viewOfLoads } from "../../tests/fixtures/views.ts";
import { Random } from "../internal/random.ts";
import { alwaysBusiest } from "./always_busiest.ts";

Deno.test("always-busiest takes the greatest load, of equals the first", () => {
  const policy = alwaysBusiest.create({ numInstances: 4, random: new Random(1), scorers: [] });
  const route = (...loads: number[]) => policy.route(requestWith({}), viewOfLoads(...loads));
  assert.equal(route(0, 0, 0, 0), 0);
  assert.equal(route(1, 7, 3, 7), 1);
  assert.equal(policy.reason(), "always-busiest (load=7)");
});
