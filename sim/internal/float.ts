/*
 * Elementary functions whose last bits no engine version changes: V8's own differ from the
 * reference's, and between V8 versions. Products and sums are those of IEEE doubles, written in the
 * order in which they must be rounded.
 */

const LN2_HIGH = 6.93147180369123816490e-01;
const LN2_LOW = 1.90821492927058770002e-10;
const SQRT_HALF = 0.70710678118654752440;

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/** Natural logarithm. Source: FreeBSD msun, e_log.c. */
export function ln(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x < 0) return NaN;
  if (x === 0) return -Infinity;
  bits[0] = x;
  let k = ((words[1]! >>> 20) & 0x7ff) - 1022;
  words[1] = (words[1]! & 0x800fffff) | 0x3fe00000;
  let fraction = bits[0]!;
  if (fraction <= SQRT_HALF) {
    k--;
    fraction *= 2;
  }
  const f = fraction - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const t1 = s2 *
    (6.666666666666735130e-01 +
      s4 * (2.857142874366239149e-01 +
          s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)));
  const t2 = s4 *
    (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01));
  const r = t1 + t2;
  const h = 0.5 * f * f;
  return k * LN2_HIGH - ((h - (s * (h + r) + k * LN2_LOW)) - f);
}

/** Coefficients of the series of (e^r − 1) ÷ r, highest power first. */
const EXP_SERIES = [
  1.9841269841269841270e-4,
  1.3888888888888888889e-3,
  8.3333333333333333333e-3,
  4.1666666666666666667e-2,
  1.6666666666666666667e-1,
  0.5,
  1.0,
];

/** Exponential function. Source: SLEEF (N. Shibata), with fused multiply-add. */
export function exp(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x === -Infinity) return 0;
  if (x > 709.782712893384) return Infinity;
  const k = roundHalfEven(x * 1.4426950408889634);
  let r = fma(-k, 0.69314718055966295651160180568695068359375, x);
  r = fma(-k, 0.28235290563031577122588448175013436025525412068e-12, r);
  r *= 0.0625;
  let p = 2.4801587301587301587e-5;
  for (const coefficient of EXP_SERIES) p = fma(p, r, coefficient);
  r *= p;
  r *= r + 2;
  r *= r + 2;
  r *= r + 2;
  r = fma(r, r + 2, 1);
  return scaleExp(r, k);
}

/** r·2^k; below the normal range in two exact steps. */
function scaleExp(r: number, k: number): number {
  const exponent = k + 1023;
  if (exponent >= 2047) return Infinity;
  if (exponent < -52) return 0;
  return exponent >= 1 ? r * powerOfTwo(k) : r * powerOfTwo(k + 1022) * 2.2250738585072014e-308;
}

/** x^y for x ≥ 0. Source: Go's math.Pow, by squaring of the mantissa. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x === Infinity) return y > 0 ? Infinity : 0;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  let whole = Math.floor(Math.abs(y));
  let part = Math.abs(y) - whole;
  if (whole >= 2 ** 63) return (x < 1) === (y > 0) ? 0 : Infinity;
  let a = 1;
  let exponent = 0;
  if (part !== 0) {
    if (part > 0.5) {
      part--;
      whole++;
    }
    a = exp(part * ln(x));
  }
  let { mantissa, exponent: e } = frexp(x);
  for (let i = whole; i !== 0; i = Math.floor(i / 2)) {
    if (e < -4096 || e > 4096) {
      exponent += e;
      break;
    }
    if (i % 2 === 1) {
      a *= mantissa;
      exponent += e;
    }
    mantissa *= mantissa;
    e *= 2;
    if (mantissa < 0.5) {
      mantissa += mantissa;
      e--;
    }
  }
  return y < 0 ? ldexp(1 / a, -exponent) : ldexp(a, exponent);
}

const GAMMA_P = [
  1.60119522476751861407e-04,
  1.19135147006586384913e-03,
  1.04213797561761569935e-02,
  4.76367800457137231464e-02,
  2.07448227648435975150e-01,
  4.94214826801497100753e-01,
  9.99999999999999996796e-01,
];
const GAMMA_Q = [
  -2.31581873324120129819e-05,
  5.39605580493303397842e-04,
  -4.45641913851797240494e-03,
  1.18139785222060435552e-02,
  3.58236398605498653373e-02,
  -2.34591795718243348568e-01,
  7.14304917030273074085e-02,
  1,
];

/** Gamma function for x in (1, 33]. Source: Cephes (S. L. Moshier), gamma.c. */
export function gamma(x: number): number {
  let z = 1;
  while (x >= 3) {
    x -= 1;
    z *= x;
  }
  while (x < 2) {
    z /= x;
    x += 1;
  }
  return x === 2 ? z : z * horner(GAMMA_P, x - 2) / horner(GAMMA_Q, x - 2);
}

const SINE = [
  1.58962301576546568060e-10,
  -2.50507477628578072866e-8,
  2.75573136213857245213e-6,
  -1.98412698295895385996e-4,
  8.33333333332211858878e-3,
  -1.66666666666666307295e-1,
];
const COSINE = [
  -1.13585365213876817300e-11,
  2.08757008419747316778e-9,
  -2.75573141792967388112e-7,
  2.48015872888517045348e-5,
  -1.38888888888730564116e-3,
  4.16666666666665929218e-2,
];

/** Cosine for |x| < 2^29. Source: Cephes (S. L. Moshier), sin.c. */
export function cos(x: number): number {
  x = Math.abs(x);
  let octant = Math.trunc(x * (4 / 3.14159265358979323846));
  if (octant % 2 === 1) octant++;
  const z = ((x - octant * 7.85398125648498535156e-1) - octant * 3.77489470793079817668e-8) -
    octant * 2.69515142907905952645e-15;
  const quadrant = octant / 2 % 4;
  const zz = z * z;
  const value = quadrant % 2 === 1
    ? z + (z * zz) * horner(SINE, zz)
    : (1 - 0.5 * zz) + (zz * zz) * horner(COSINE, zz);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** The nearest integer, halves away from zero. */
export function roundHalfAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

/**
 * x as a 64-bit integer, never −0: truncated; NaN and what is out of range become −2^63.
 * Source: the cvttsd2si instruction of x86-64.
 */
export function toInt(x: number): number {
  return x >= -(2 ** 63) && x < 2 ** 63 ? Math.trunc(x) + 0 : -(2 ** 63);
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) sum = sum * x + coefficients[i]!;
  return sum;
}

function roundHalfEven(x: number): number {
  const shift = 6755399441055744;
  return (x + shift) - shift;
}

/** a·b + c, rounded once. Source: S. Boldo, G. Melquiond, "Emulation of a FMA", 2008. */
export function fma(a: number, b: number, c: number): number {
  const uHigh = a * b;
  const uLow = productError(a, b, uHigh);
  const tHigh = c + uLow;
  const tLow = sumError(c, uLow, tHigh);
  const vHigh = uHigh + tHigh;
  const vLow = sumError(uHigh, tHigh, vHigh);
  return vHigh + roundedToOdd(tLow, vLow);
}

/** a·b − product, exactly. Source: T. J. Dekker, 1971. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const aLow = a - aHigh;
  const bHigh = upperHalf(b);
  const bLow = b - bHigh;
  return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
}

function upperHalf(x: number): number {
  const shifted = 134217729 * x;
  return shifted - (shifted - x);
}

/** a + b − sum, exactly. */
function sumError(a: number, b: number, sum: number): number {
  const b2 = sum - a;
  return (a - (sum - b2)) + (b - b2);
}

/** a + b; if that is inexact and its last bit is 0, the neighbour toward the exact sum. */
function roundedToOdd(a: number, b: number): number {
  const sum = a + b;
  const error = sumError(a, b, sum);
  bits[0] = sum;
  if (error === 0 || (words[0]! & 1) === 1) return sum;
  const away = (error > 0) === (sum > 0);
  if (away) words[0]! += 1;
  else if (words[0]!-- === 0) words[1]! -= 1;
  return bits[0]!;
}

function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return bits[0]!;
}

/** x = mantissa·2^exponent with the mantissa in [0.5, 1). */
function frexp(x: number): { mantissa: number; exponent: number } {
  const shift = x < 2.2250738585072014e-308 ? 54 : 0;
  bits[0] = x * powerOfTwo(shift);
  const exponent = ((words[1]! >>> 20) & 0x7ff) - 1022 - shift;
  words[1] = (words[1]! & 0x800fffff) | 0x3fe00000;
  return { mantissa: bits[0]!, exponent };
}

/** a·2^exponent, with gradual underflow, rounded once. */
function ldexp(a: number, exponent: number): number {
  const { mantissa, exponent: own } = frexp(a);
  const total = own + exponent;
  if (total > 1024) return Infinity;
  if (total < -1074) return 0;
  return total >= -1021
    ? mantissa * 2 * powerOfTwo(total - 1)
    : mantissa * powerOfTwo(total + 54) * 5.551115123125783e-17;
}
