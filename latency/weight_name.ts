/**
 * Bytes of a weight as the model's name tells them (`…-w4a16`, `…-FP8-dynamic`), 0 if it does not:
 * for quantized models whose config.json says nothing.
 */
export function weightBytesOfName(modelName: string): number {
  const name = modelName.toLowerCase();
  const weightBits = Number(/(?:^|[.\-_/])w(\d+)a\d+(?:$|[.\-_])/.exec(name)?.[1] ?? 0);
  if (weightBits > 0) return weightBits / 8;
  return /(?:^|[.\-_/])fp8(?:$|[.\-_])/.test(name) ? 1 : 0;
}
