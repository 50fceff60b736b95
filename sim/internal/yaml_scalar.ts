const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INFINITE = /^([-+]?)\.(inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(nan|NaN|NAN)$/;
const YES = new Set(["true", "yes", "on", "y"].flatMap(inEachCase));
const NO = new Set(["false", "no", "off", "n"].flatMap(inEachCase));

/** True for the plain scalars that stand for "no value": empty, `~` and `null`. */
export function isNullText(text: string): boolean {
  return text === "" || text === "~" || text === "null" || text === "Null" || text === "NULL";
}

/** An integer of 64 bits: decimal, 0x, 0o, 0b or leading-0 octal, with `_`; a float is truncated. */
export function intFromText(text: string): bigint | undefined {
  const digits = numberText(text);
  if (digits === undefined) return undefined;
  let value = wholeNumber(digits);
  if (value === undefined && FLOAT.test(digits)) {
    const float = Math.trunc(Number(digits));
    if (Number.isFinite(float)) value = BigInt(float);
  }
  return value !== undefined && value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** A double, from a float or an integer in any of the forms of `intFromText`. */
export function floatFromText(text: string): number | undefined {
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  if (NOT_A_NUMBER.test(text)) return NaN;
  const digits = numberText(text);
  if (digits === undefined) return undefined;
  const whole = wholeNumber(digits);
  if (whole !== undefined) return Number(whole);
  return FLOAT.test(digits) ? Number(digits) : undefined;
}

/** true, yes, on, y and their opposites, in lower, Capital or UPPER case. */
export function boolFromText(text: string): boolean | undefined {
  if (YES.has(text)) return true;
  return NO.has(text) ? false : undefined;
}

/** The text without `_` if it begins like a number. */
function numberText(text: string): string | undefined {
  return /^[-+.0-9]/.test(text) ? text.replaceAll("_", "") : undefined;
}

function wholeNumber(digits: string): bigint | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/
    .exec(digits);
  if (match === null) return undefined;
  const magnitude = match[2]!;
  const value = BigInt(/^0[0-7]/.test(magnitude) ? `0o${magnitude}` : magnitude);
  return match[1] === "-" ? -value : value;
}

function inEachCase(word: string): string[] {
  return [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()];
}
