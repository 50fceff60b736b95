import assert from "node:assert/strict";
import { resultWith } from "../tests/fixtures/results.ts";
import { costOf, energyOf } from "./cost.ts";
import { utilisationOf } from "./utilisation.ts";

const RUN = {
  numGpus: 4,
  durationS: 1800,
  inputTokens: 4_000_000,
  outputTokens: 1_000_000,
  numGood: 500,
  utilisation: 0.5,
};

Deno.test("the price of the GPUs' time is spread over what they did", () => {
  assert.deepEqual(costOf(RUN, { usdPerHour: 2.5, tdpWatts: 700 }), {
    perHour: 10,
    perMillionInputTokens: 1.25,
    perMillionOutputTokens: 5,
    perMillionTokens: 1,
    perThousandGood: 10,
  });
});

Deno.test("energy is the TDP of the busy time", () => {
  const energy = energyOf(RUN, { usdPerHour: NaN, tdpWatts: 700 });
  assert.deepEqual([energy.perHour, energy.perMillionTokens], [1400, 140]);
});

Deno.test("without good requests or a price there is no unit cost", () => {
  const none = costOf({ ...RUN, numGood: 0 }, { usdPerHour: 1, tdpWatts: 1 });
  assert.ok(Number.isNaN(none.perThousandGood));
  assert.ok(Number.isNaN(costOf(RUN, { usdPerHour: NaN, tdpWatts: 1 }).perHour));
});

Deno.test("an instance is busy while any request is in its batch, however many are", () => {
  const rows = [
    { arrivalUs: 0, ttftUs: 10, e2eUs: 100 },
    { arrivalUs: 50, ttftUs: 10, e2eUs: 100 },
    { arrivalUs: 300, ttftUs: 10, e2eUs: 100 },
  ];
  const result = resultWith({ rows, instances: [{ endUs: 500 }, { endUs: 500 }] });
  result.table.schedulingDelayUs.data.fill(0, 0, 3);
  // 0..150 and 300..400 of 500 on one of two instances.
  assert.equal(utilisationOf(result), 0.25);
  assert.equal(utilisationOf(resultWith({})), 0);
});
