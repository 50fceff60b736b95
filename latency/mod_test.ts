import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError } from "../sim/internal/errors.ts";
import { DENSE_MODEL, denseModels, H100, moeModels } from "../tests/fixtures/models.ts";
import { batches, stepOf } from "../tests/fixtures/steps.ts";
import {
  createLatencyModel,
  latencyConfig,
  type LatencyModelName,
  latencyModels,
  latencyWarnings,
} from "./mod.ts";

const ALPHA = [100.7, 2.5, 3.9];
const BETA = [1.5, 0.9, 1.1, 0.7, 30, 4, 120, 480, 0.3, 1.9, 0.8];
const MODES = Object.keys(latencyModels) as LatencyModelName[];

function configOf(mode: string) {
  return latencyConfig.parse(mode === "roofline" ? { mode } : { mode, alpha: ALPHA, beta: BETA });
}

function latencyOf(mode: string, model = DENSE_MODEL, tp = 1) {
  return createLatencyModel(configOf(mode), { model, hardware: H100, tp, dp: 1 });
}

Deno.test("every step lasts a whole number of µs, at least 1, also an empty one", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...MODES),
      fc.oneof(denseModels, moeModels),
      batches,
      (mode, model, batch) => {
        for (const requests of [batch, []]) {
          const us = latencyOf(mode, model).stepUs(stepOf(requests));
          assert.ok(Number.isInteger(us) && us >= 1, String(us));
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("one more request never shortens the step of a dense model", () => {
  fc.assert(
    fc.property(fc.constantFrom(...MODES), denseModels, batches, (mode, model, batch) => {
      const latency = latencyOf(mode, model, 2);
      let before = 0;
      for (let n = 0; n <= batch.length; n++) {
        const us = latency.stepUs(stepOf(batch.slice(0, n)));
        assert.ok(us >= before, `${before} → ${us} µs with request ${n}`);
        before = us;
      }
    }),
    { seed: 2, numRuns: 200 },
  );
});

Deno.test("a single expert makes no MoE", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("roofline", "trained-physics"),
      denseModels,
      batches,
      (mode, model, batch) => {
        const single = { ...model, numExperts: 1, numExpertsPerTok: 1 };
        const step = stepOf(batch);
        assert.equal(latencyOf(mode, single).stepUs(step), latencyOf(mode, model).stepUs(step));
      },
    ),
    { seed: 3 },
  );
});

Deno.test("a price beyond 2^63 is a step that never ends", () => {
  const config = latencyConfig.parse({ mode: "blackbox", alpha: ALPHA, beta: [1e300, 0, 0] });
  const target = { model: DENSE_MODEL, hardware: H100, tp: 1, dp: 1 };
  assert.equal(createLatencyModel(config, target).stepUs(stepOf([])), 2 ** 63);
});

Deno.test("a model without heads is refused by the name of the missing key", () => {
  const model = { ...DENSE_MODEL, numHeads: 0, bytesPerParam: 0 };
  assert.throws(() => latencyOf("roofline", model), (error: ConfigError) => {
    assert.equal(
      error.message,
      'Cannot use latency model "roofline": config.json has no usable ' +
        '"num_attention_heads", "torch_dtype"',
    );
    assert.equal(
      error.options.hint,
      'add "num_attention_heads": …, "torch_dtype": "bfloat16" to the config.json of the model',
    );
    return true;
  });
});

Deno.test("trained models refuse a tp that does not divide the heads", () => {
  for (const mode of ["trained-roofline", "trained-physics"]) {
    assert.throws(() => latencyOf(mode, DENSE_MODEL, 3), {
      name: "ConfigError",
      message: "Cannot split 8 attention heads evenly over 3 GPUs",
    });
    assert.throws(() => latencyOf(mode, DENSE_MODEL, 4), {
      name: "ConfigError",
      message: "Cannot split 2 key-value heads evenly over 4 GPUs",
    });
  }
});

Deno.test("an MoE model must say how many experts a token visits", () => {
  for (const mode of ["roofline", "trained-physics"]) {
    assert.throws(() => latencyOf(mode, { ...DENSE_MODEL, numExperts: 8 }), {
      message: `Cannot use latency model "${mode}": ` +
        'config.json has 8 experts but no "num_experts_per_tok"',
    });
  }
});

Deno.test("coefficients must be enough, finite and not negative", () => {
  const parse = (beta: number[]) =>
    latencyConfig.safeParse({ mode: "trained-physics", alpha: ALPHA, beta });
  assert.ok(parse(BETA.slice(0, 7)).success);
  assert.ok(!parse(BETA.slice(0, 6)).success);
  assert.ok(!parse([-1, ...BETA]).success);
  assert.ok(!parse([Infinity, ...BETA]).success);
});

Deno.test("MLA and quantized weights are warned of only where they are mispriced", () => {
  const mla = { ...DENSE_MODEL, kvLoraRank: 512, weightBytesPerParam: 1 };
  assert.deepEqual(MODES.map((mode) => latencyWarnings(mode, mla).length), [1, 0, 1, 2, 1]);
  for (const mode of MODES) assert.deepEqual(latencyWarnings(mode, DENSE_MODEL), []);
});
