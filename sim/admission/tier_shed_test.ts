import assert from "node:assert/strict";
import { admissionSettings } from "../../tests/fixtures/deployments.ts";
import { NO_LABELS, requestWith } from "../../tests/fixtures/requests.ts";
import { viewOfLoads } from "../../tests/fixtures/views.ts";
import { SloRanks } from "../slo.ts";
import { tierShed } from "./tier_shed.ts";

/** Decision about a request of a class, by the loads of the instances. */
function decide(
  sloClass: string,
  loads: readonly number[],
  overrides: Readonly<Record<string, number>> = {},
) {
  const settings = admissionSettings({ tierShedThreshold: 6, tierShedMinPriority: 3 });
  const policy = tierShed.create(settings, new SloRanks(overrides));
  const labels = { ...NO_LABELS, sloClass };
  return policy.admit(requestWith({ labels }), viewOfLoads(...loads));
}

Deno.test("tier-shed lets every class in while no instance exceeds the threshold", () => {
  for (const sloClass of ["background", "batch", "critical", ""]) {
    assert.equal(decide(sloClass, [6, 2]).admitted, true, sloClass);
    assert.equal(decide(sloClass, []).admitted, true, "no instance serves the model");
  }
});

Deno.test("tier-shed turns less urgent classes away once one instance exceeds the threshold", () => {
  const admitted = ["critical", "standard", "", "unheard-of", "batch", "background"]
    .filter((sloClass) => decide(sloClass, [0, 7]).admitted);
  assert.deepEqual(admitted, ["critical", "standard", "", "unheard-of"]);
  assert.equal(
    decide("batch", [0, 7]).reason,
    "tier-shed: class=batch priority=-1 < min=3 load=7",
  );
});

Deno.test("tier-shed follows the priorities that a policy file gives to classes", () => {
  assert.equal(decide("batch", [7], { batch: 3 }).admitted, true);
  assert.equal(decide("critical", [7], { critical: 2 }).admitted, false);
});
