import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelConfig } from "../sim/model.ts";
import { DENSE_MODEL, denseModels, H100, moeModels } from "../tests/fixtures/models.ts";
import { batches, type StepEntry, stepOf } from "../tests/fixtures/steps.ts";
import { roofline } from "./roofline.ts";
import type { LatencyTarget } from "./target.ts";

/** The rule as it is written, every request by itself and in order. */
function literalUs(batch: readonly StepEntry[], { model, hardware, tp }: LatencyTarget): number {
  const peak = tflops(model, hardware) * 1e12;
  const isPrefill = ([prompt, past]: StepEntry) => past < prompt;
  const decodes = batch.filter((entry) => !isPrefill(entry) && entry[3] > 0);
  const prefills = batch.filter(isPrefill);
  let compute = 0;
  let bytes = 0;
  let tokens = decodes.length;
  for (const [, past, granted] of prefills) {
    compute += flops(model, past, granted) / tp / (peak * hardware.mfuPrefill);
    bytes += dynamicBytes(model, past, granted) / tp;
    tokens += granted;
  }
  for (const [, past] of decodes) {
    compute += flops(model, past, 1) / tp / (peak * hardware.mfuDecode);
    bytes += dynamicBytes(model, past, 1) / tp;
  }
  if (prefills.length + decodes.length === 0) return 1;
  const memory = (weights(model, tokens) / tp + bytes) / (hardware.bwPeakTBs * 1e12);
  return Math.max(1, Math.trunc(Math.max(compute, memory) * 1e6));
}

function tflops(m: ModelConfig, hardware: LatencyTarget["hardware"]): number {
  return (m.weightBytesPerParam || m.bytesPerParam) === 1
    ? hardware.tflopsFp8
    : hardware.tflopsPeak;
}

function shape(m: ModelConfig) {
  const d = m.hiddenSize;
  const dh = d / m.numHeads;
  const kv = m.numKvHeads || m.numHeads;
  const step = m.interleaveMoeLayerStep;
  const moe = m.numExperts < 2 ? 0 : step > 0 ? Math.floor(m.numLayers / (step + 1)) : m.numLayers;
  const fm = m.moeIntermediateSize || m.intermediateSize;
  const fd = m.intermediateSizeMlp || m.intermediateSize;
  return { d, dh, kv, dkv: kv * dh, moe, dense: m.numLayers - moe, fm, fd };
}

function flops(m: ModelConfig, s: number, t: number): number {
  const { d, dh, dkv, moe, dense, fm, fd } = shape(m);
  const c = t <= 1 ? s : s + (t - 1) / 2;
  let total = (2 * t * (d * d + 2 * d * dkv) + 2 * t * d * d) * m.numLayers;
  total += 4 * m.numHeads * t * c * dh * m.numLayers;
  const vector = (5 * m.numHeads * t * c + 2 * t * d) * m.numLayers;
  if (moe > 0) total += 2 * t * (2 * d * fm) * m.numExpertsPerTok * moe;
  if (dense > 0) total += 2 * t * (2 * d * fd) * dense;
  return total + vector;
}

function weights(m: ModelConfig, t: number): number {
  const { d, dkv, moe, dense, fm, fd } = shape(m);
  const q = (m.numExperts - m.numExpertsPerTok) / m.numExperts;
  const routed = moe > 0 ? 2 * d * fm * (m.numExperts * (1 - power(q, t))) * moe : 0;
  const mlp = dense > 0 ? 2 * d * fd * dense : 0;
  const width = m.weightBytesPerParam || m.bytesPerParam;
  return ((d * (d + 2 * dkv) + d * d) * m.numLayers + (routed + mlp)) * width;
}

function power(q: number, t: number): number {
  let a = 1;
  for (let b = q; t > 0; t = Math.floor(t / 2), b *= b) if (t % 2 === 1) a *= b;
  return a;
}

function dynamicBytes(m: ModelConfig, s: number, t: number): number {
  const { d, dh, kv } = shape(m);
  const unit = 2 * m.numLayers * kv * dh * m.bytesPerParam;
  const w = weights(m, t);
  return w + unit * t + unit * s + m.numLayers * d * m.bytesPerParam * t - w;
}

function stepUs(batch: readonly StepEntry[], target: LatencyTarget): number {
  return roofline.create({ mode: "roofline" }, target).stepUs(stepOf(batch));
}

const tps = fc.constantFrom(1, 2, 3, 4, 7);

Deno.test("roofline equals the sum over single requests for any model and step", () => {
  fc.assert(
    fc.property(fc.oneof(denseModels, moeModels), batches, tps, (model, batch, tp) => {
      const target = { model, hardware: H100, tp, dp: 1 };
      assert.equal(stepUs(batch, target), literalUs(batch, target));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("roofline equals the sum over single requests where each step is a whole µs", () => {
  // Every figure is a multiple of 1000 bytes, of which the GPU moves one per µs.
  const model = { ...DENSE_MODEL, numLayers: 5, hiddenSize: 1000, numHeads: 10 };
  const hardware = { ...H100, bwPeakTBs: 1e-3 };
  fc.assert(
    fc.property(batches, tps, (batch, tp) => {
      const target = { model, hardware, tp, dp: 1 };
      assert.equal(stepUs(batch, target), literalUs(batch, target));
    }),
    { seed: 2, numRuns: 2000 },
  );
});

Deno.test("roofline asks for single contexts only next to a whole µs", () => {
  const latency = roofline.create(
    { mode: "roofline" },
    { model: DENSE_MODEL, hardware: H100, tp: 1, dp: 1 },
  );
  let asked = 0;
  for (let context = 1; context <= 2000; context++) {
    const step = stepOf([[1, context, 1, 9], [1, 2 * context, 1, 9]]);
    const decodeContexts = (out: Float64Array) => {
      asked++;
      step.decodeContexts(out);
    };
    latency.stepUs({ ...step, decodeContexts });
  }
  assert.ok(asked <= 2, `${asked} of 2000 steps`);
});

Deno.test("roofline charges prefill and decode requests in any mutual order alike", () => {
  fc.assert(
    fc.property(denseModels, batches, (model, batch) => {
      const target = { model, hardware: H100, tp: 1, dp: 1 };
      const prefills = batch.filter(([prompt, past]) => past < prompt);
      const decodes = batch.filter(([prompt, past]) => past >= prompt);
      assert.equal(stepUs([...decodes, ...prefills], target), stepUs(batch, target));
    }),
    { seed: 3 },
  );
});

Deno.test("roofline halves a step, up to truncation, when tp doubles", () => {
  fc.assert(
    fc.property(fc.oneof(denseModels, moeModels), batches, tps, (model, batch, tp) => {
      const us = stepUs(batch, { model, hardware: H100, tp, dp: 1 });
      const halfUs = stepUs(batch, { model, hardware: H100, tp: 2 * tp, dp: 1 });
      assert.ok(Math.abs(halfUs - us / 2) <= 1);
    }),
    { seed: 4 },
  );
});
