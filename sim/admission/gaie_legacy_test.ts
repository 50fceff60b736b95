import assert from "node:assert/strict";
import { admissionSettings } from "../../tests/fixtures/deployments.ts";
import { NO_LABELS, requestWith } from "../../tests/fixtures/requests.ts";
import { type Snapshot, viewOf } from "../../tests/fixtures/views.ts";
import { SloRanks } from "../slo.ts";
import { gaieLegacy } from "./gaie_legacy.ts";

const SETTINGS = admissionSettings({
  gaieQueueDepthThreshold: 5,
  gaieKvUtilizationThreshold: 0.8,
});

function decide(sloClass: string, instances: readonly Snapshot[]) {
  const policy = gaieLegacy.create(SETTINGS, new SloRanks({}));
  return policy.admit(requestWith({ labels: { ...NO_LABELS, sloClass } }), viewOf(instances));
}

Deno.test("gaie-legacy turns sheddable classes away at a mean saturation of 1", () => {
  const full = { queueDepth: 6, kvUtilization: 0.1 };
  assert.equal(decide("batch", [full, { kvUtilization: 0.6 }]).admitted, true);
  assert.deepEqual(decide("batch", [full, { kvUtilization: 0.64 }]), {
    admitted: false,
    reason: "gaie-saturated: class=batch saturation=1.00",
  });
});

Deno.test("gaie-legacy counts the queue or the KV use of an instance, whichever is fuller", () => {
  assert.match(decide("batch", [{ queueDepth: 10, kvUtilization: 0.8 }]).reason, /=2\.00$/);
  assert.match(decide("batch", [{ queueDepth: 1, kvUtilization: 1 }]).reason, /=1\.25$/);
});

Deno.test("gaie-legacy always lets in what may not be shed", () => {
  for (const sloClass of ["critical", "standard", "", "unheard-of"]) {
    assert.equal(decide(sloClass, [{ queueDepth: 99 }]).admitted, true, sloClass);
  }
});

Deno.test("gaie-legacy takes a model that no instance serves for saturated", () => {
  assert.equal(decide("batch", []).reason, "gaie-saturated: class=batch saturation=1.00");
});
