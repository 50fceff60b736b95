import assert from "node:assert/strict";
import fc from "fast-check";
import { admissionSettings } from "../../tests/fixtures/deployments.ts";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { viewOf } from "../../tests/fixtures/views.ts";
import { SloRanks } from "../slo.ts";
import { tokenBucket } from "./token_bucket.ts";

/** Asks at a time for a prompt of some tokens. */
function bucketOf(capacity: number, rate: number) {
  const settings = admissionSettings({
    tokenBucketCapacity: capacity,
    tokenBucketRefillRate: rate,
  });
  const bucket = tokenBucket.create(settings, new SloRanks({}));
  return (nowUs: number, promptTokens: number) =>
    bucket.admit(requestWith({ promptTokens }), viewOf([{}], nowUs));
}

Deno.test("token-bucket takes the decisions of the recorded example", () => {
  const rows: [nowUs: number, cost: number, admitted: boolean][] = [
    [0, 600, true],
    [100_000, 500, false],
    [200_000, 500, true],
    [400_000, 600, false],
    [1_000_000, 200, true],
    [1_000_000, 200, true],
    [3_000_000, 1000, true],
    [3_000_000, 1, false],
  ];
  const ask = bucketOf(1000, 500);
  assert.deepEqual(
    rows.map(([nowUs, cost]) => ask(nowUs, cost).admitted),
    rows.map(([, , admitted]) => admitted),
  );
});

Deno.test("token-bucket says why it turns a request away", () => {
  assert.deepEqual(bucketOf(10, 1)(0, 11), { admitted: false, reason: "insufficient tokens" });
});

Deno.test("token-bucket never lets in more than its capacity and what has flowed in since", () => {
  const asks = fc.array(fc.tuple(fc.nat(100_000), fc.nat(300)), { maxLength: 50 });
  fc.assert(
    fc.property(asks, (asks) => {
      const ask = bucketOf(500, 1000);
      let nowUs = 0;
      let taken = 0;
      for (const [gapUs, cost] of asks) {
        nowUs += gapUs;
        if (ask(nowUs, cost).admitted) taken += cost;
        assert.ok(taken <= 500 + nowUs / 1000 + 1e-6);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
