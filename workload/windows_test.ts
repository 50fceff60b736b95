import assert from "node:assert/strict";
import fc from "fast-check";
import { cohorts } from "../tests/fixtures/workloads.ts";
import { cohortMembers } from "./cohorts.ts";
import { ActiveTime } from "./windows.ts";

const HOUR_US = 3_600_000_000;

Deno.test("a client is active at a time that some of its windows holds", () => {
  const window = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 9 }))
    .map(([startUs, us]) => ({ startUs, endUs: startUs + us }));
  fc.assert(
    fc.property(fc.array(window, { minLength: 1, maxLength: 5 }), (windows) => {
      const active = new ActiveTime(windows);
      assert.equal(active.endUs, Math.max(...windows.map(({ endUs }) => endUs)));
      for (let t = 0; t < 45; t++) {
        assert.equal(active.includes(t), windows.some((w) => w.startUs <= t && t < w.endUs));
      }
    }),
    { seed: 7, numRuns: 200 },
  );
});

Deno.test("the members of a cohort share its rate, windows and prefix, but for one prefix each", () => {
  fc.assert(
    fc.property(cohorts, (cohort) => {
      const members = cohortMembers(cohort);
      assert.equal(members.length, cohort.population);
      members.forEach((member, j) => {
        assert.equal(member.id, `c-${j}`);
        assert.equal(member.rateFraction, cohort.rateFraction / cohort.population);
        assert.equal(member.prefixGroup, cohort.prefixSharing === "per_member" ? `g-${j}` : "g");
        assert.equal(member.lifecycle!.windows, members[0]!.lifecycle!.windows);
      });
      const { startUs, endUs, traceRate } = members[0]!.lifecycle!.windows[0]!;
      const { startTimeUs, durationUs } = cohort.spike!;
      assert.deepEqual([startUs, endUs], [startTimeUs, startTimeUs + durationUs]);
      assert.equal(traceRate, cohort.spike!.traceRate! / cohort.population);
    }),
    { seed: 7, numRuns: 50 },
  );
});

const [cohort] = fc.sample(cohorts, { seed: 7, numRuns: 1 });
const { spike: _, ...steady } = cohort!;

Deno.test("a diurnal cohort is active the whole hour of the peak and the least in the trough", () => {
  const diurnal = { peakHour: 14, peakToTroughRatio: 4 };
  const { windows } = cohortMembers({ ...steady, diurnal })[0]!.lifecycle!;
  assert.equal(windows.length, 24);
  const length = (hour: number) => windows[hour]!.endUs - windows[hour]!.startUs;
  assert.equal(length(14), HOUR_US);
  assert.equal(length(2), HOUR_US / 4);
  assert.equal(windows[5]!.startUs, 5 * HOUR_US);
});

Deno.test("a drain is active until it starts, then for less and less of each tenth of its ramp", () => {
  const drain = { startTimeUs: 7000, rampDurationUs: 10_005 };
  const { windows } = cohortMembers({ ...steady, drain })[0]!.lifecycle!;
  assert.deepEqual(windows[0], { startUs: 0, endUs: 7000 });
  assert.deepEqual(windows[1], { startUs: 7000, endUs: 8000 });
  assert.deepEqual(windows[10], { startUs: 16_000, endUs: 16_100 });
});
