import assert from "node:assert/strict";
import { configErrorOf } from "../../tests/fixtures/traces.ts";
import {
  newTraceHeader,
  readTraceHeader,
  traceHeaderText,
  traceHeaderWarnings,
} from "./trace_v2.ts";

Deno.test("a header is written with the keys that say something, in their order", () => {
  assert.equal(
    traceHeaderText(newTraceHeader("generated", 2n ** 63n - 1n)),
    "trace_version: 3\ntime_unit: microseconds\nmode: generated\nwarm_up_requests: 0\n" +
      "workload_seed: 9223372036854775807\n",
  );
});

Deno.test("a header that is written is read again", () => {
  const header = {
    ...newTraceHeader("real", 0n),
    createdAt: "2026-01-02T03:04:05Z",
    workloadSpec: "preset:chatbot",
    warmUpRequests: 3,
    server: {
      type: "vllm",
      model: "m/M",
      tensorParallel: 0,
      maxNumSeqs: 256,
      blockSize: 16,
      gpuMemoryUtilization: 0.9,
      maxModelLen: 0,
    },
    network: { measuredRttMs: 2.5 },
    goodputSloTargets: { batch: { ttftMs: 20, itlMs: 0, e2eMs: 350 } },
  };
  assert.deepEqual(readTraceHeader(traceHeaderText(header), "t.yaml"), header);
});

Deno.test("a header may lack every key, but hold no unknown one", () => {
  const { traceVersion, mode, server } = readTraceHeader("{}", "t.yaml");
  assert.deepEqual([traceVersion, mode, server], [0, "", undefined]);
  const error = configErrorOf(() => readTraceHeader("mode: real\nserver:\n  kind: x\n", "t.yaml"));
  assert.match(error.message, /Unknown key "kind"/);
  assert.equal(error.options.line, 3);
});

Deno.test("a version or a unit that nobody knows is told to be read as ours", () => {
  const warned = (text: string) => traceHeaderWarnings(readTraceHeader(text, "t.yaml"));
  assert.deepEqual(warned("trace_version: 9\ntime_unit: ms\n"), [
    "trace_version 9 is read as 3",
    'time_unit "ms" has no effect: times are read as microseconds',
  ]);
  for (const known of ["{}", "trace_version: 2\ntime_unit: us", "time_unit: microseconds"]) {
    assert.deepEqual(warned(known), []);
  }
});

Deno.test("a data file in the place of the header is told from it", () => {
  const error = configErrorOf(() => readTraceHeader("request_id,client_id\n0,a\n", "t.csv"));
  assert.match(error.message, /t\.csv holds the requests of a trace, not its header/);
});
