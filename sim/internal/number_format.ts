/**
 * `x` with a fixed number of digits (at most 29) and never an exponent. Rounds the exact binary
 * value, ties to even: 0.125 is 0.12, where `toFixed` says 0.13. Source: Go, fmt, verb %f.
 */
export function toFixedEven(x: number, digits: number): string {
  if (!Number.isFinite(x)) return shortestFloat(x);
  if (Object.is(x, -0)) return `-${toFixedEven(0, digits)}`;
  const text = Math.abs(x) < 1e21 ? x.toFixed(digits) : wholeNumber(x, digits);
  // A tie is an odd multiple of half a unit of the last digit, hence of 2^-(digits + 1). `toFixed`
  // rounds it away from zero: an odd last digit is one too many.
  const isTie = Math.abs(x * (2 << digits)) % 2 === 1;
  const last = Number(text.at(-1));
  return isTie && last % 2 === 1 ? text.slice(0, -1) + (last - 1) : text;
}

/** For what `toFixed` writes with an exponent: doubles of that size are whole. */
function wholeNumber(x: number, digits: number): string {
  return digits === 0 ? `${BigInt(x)}` : `${BigInt(x)}.${"0".repeat(digits)}`;
}

/**
 * The shortest decimal that reads back as `x`, with an exponent of at least two digits if the
 * leading digit stands below 10^-4 or at 10^6 and above. Source: Go, fmt, verb %v.
 */
export function shortestFloat(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "+Inf" : "-Inf";
  if (Object.is(x, -0)) return "-0";
  const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
  if (Number(exponent) >= -4 && Number(exponent) < 6) return String(x);
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * JSON indented by two blanks; what HTML or JavaScript would read in a text is escaped. Without a
 * trailing newline. Source: Go, encoding/json, MarshalIndent.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/[<>&\u2028\u2029]/g, (c) => ESCAPES[c]!);
}
