import assert from "node:assert/strict";
import { start, take } from "../tests/fixtures/workloads.ts";
import { loadWorkload } from "./load.ts";

const FOLDER = new URL("../examples/", import.meta.url);

/** The shortest examples; tests/examples_test.ts runs all of them. */
const NAMES = [
  ...["chat_sessions", "images", "inference_perf", "load_steps", "shared_prefix"],
  ...["virtual_users"],
];

for (const name of NAMES) {
  const text = Deno.readTextFileSync(new URL(`${name}.yaml`, FOLDER));
  Deno.test(`the example ${name} is a workload without warnings`, () => {
    const { spec, warnings } = loadWorkload(text, name);
    assert.deepEqual(warnings, []);
    const horizonUs = spec.horizonUs > 0 ? spec.horizonUs : Infinity;
    const requests = take(start(spec, { horizonUs, maxRequests: spec.numRequests }));
    assert.ok(requests.length > 20 && requests.length < 2000);
  });
}
