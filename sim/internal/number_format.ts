/** `x` with a fixed number of digits, exact ties to even: `toFixed` rounds them up. Never an exponent. */
export function toFixedEven(x: number, digits: number): string {
  if (!Number.isFinite(x)) return shortestFloat(x);
  const rounded = Math.abs(x) >= 1e21 ? BigInt(x).toString() : x.toFixed(digits);
  return isTie(x, digits) ? evenNeighbour(x, digits) : withDigits(rounded, digits);
}

/** True if the exact value of `x` lies half way between two numbers of that many digits. */
function isTie(x: number, digits: number): boolean {
  // A tie is an odd multiple of 5 · 10^-(digits + 1), hence of 2^-(digits + 1): only then can the
  // product below be an integer, and it is exact.
  const scaled = x * 2 ** (digits + 1);
  if (!Number.isInteger(scaled) || Math.abs(scaled) >= 2 ** 53) return false;
  const doubled = BigInt(scaled) * 5n ** BigInt(digits);
  return doubled % 2n !== 0n;
}

function evenNeighbour(x: number, digits: number): string {
  const doubled = BigInt(x * 2 ** (digits + 1)) * 5n ** BigInt(digits);
  const magnitude = doubled < 0n ? -doubled : doubled;
  const below = magnitude / 2n;
  const even = below % 2n === 0n ? below : below + 1n;
  const text = even.toString().padStart(digits + 1, "0");
  const sign = doubled < 0n ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function withDigits(text: string, digits: number): string {
  return text.includes(".") || digits === 0 ? text : `${text}.${"0".repeat(digits)}`;
}

/**
 * The shortest decimal that reads back as `x`, as Go prints it: an exponent of at least two digits
 * where the leading digit stands below 10^-4 or at 10^6 and above.
 */
export function shortestFloat(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "+Inf" : "-Inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa, exponentText] = x.toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return plain(x);
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${magnitude}`;
}

/** Decimal text without an exponent. */
function plain(x: number): string {
  const text = String(x);
  return text.includes("e") ? x.toFixed(20).replace(/0+$/, "") : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** JSON with two blanks of indentation, escaped as Go does so that it may stand in HTML. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/[<>&\u2028\u2029]/g, (c) => ESCAPES[c]!);
}
