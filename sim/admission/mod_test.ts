import assert from "node:assert/strict";
import { admissionSettings } from "../../tests/fixtures/deployments.ts";
import { requestWith } from "../../tests/fixtures/requests.ts";
import { viewOfLoads } from "../../tests/fixtures/views.ts";
import { SloRanks } from "../slo.ts";
import { type AdmissionName, admissionPolicies } from "./mod.ts";

function decide(name: AdmissionName, load: number) {
  const policy = admissionPolicies[name].create(admissionSettings({}), new SloRanks({}));
  return policy.admit(requestWith({ promptTokens: 10 ** 6 }), viewOfLoads(load));
}

Deno.test("always-admit lets everything in, reject-all nothing, whatever the load", () => {
  for (const load of [0, 1000]) {
    assert.deepEqual(decide("always-admit", load), { admitted: true, reason: "" });
    assert.deepEqual(decide("reject-all", load), { admitted: false, reason: "reject-all" });
  }
});
